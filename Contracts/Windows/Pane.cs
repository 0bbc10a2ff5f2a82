using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Windows;

/// <summary>What was measured of one key in one slice of event time.</summary>
/// <param name="window">The slice.</param>
/// <param name="start">What is measured already.</param>
public class Pane(Window window, Measured start = default)
{
    private Cell _cell = new(start);

    /// <summary>The slice.</summary>
    public Window Window { get; } = window;

    /// <summary>As far as it lies in columns.</summary>
    public BasicMeasures Measures => _cell.Measures;

    /// <summary>About how many bytes its state takes.</summary>
    public int StateBytes => _cell.StateBytes;

    /// <summary>This pane and all behind it in the front part of its series, merged.</summary>
    internal Measured Suffix { get; set; }

    /// <summary>As it stands now; what is added later does not show in it.</summary>
    public Measured Value() => _cell.Value();

    internal void Add(MeasurePlan plan, in EventValues e) => _cell.Add(plan, e);
}
