using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Windows;

/// <summary>Measures that grow. It is changed in place: keep it in a field that is not read-only.</summary>
/// <param name="start">What is measured already.</param>
public struct Cell(Measured start)
{
    private SharedState _state = new(start.State);

    /// <summary>As far as it lies in columns.</summary>
    public BasicMeasures Measures { get; private set; } = start.Measures;

    /// <summary>About how many bytes its state takes.</summary>
    public readonly int StateBytes => _state.ApproximateBytes;

    /// <summary>Adds an event.</summary>
    public void Add(MeasurePlan plan, in EventValues e)
    {
        Measures = Measures.With(plan.ColumnValueOf(e));
        _state.Add(plan, e);
    }

    /// <summary>Takes in what was measured elsewhere, of other events.</summary>
    public void Merge(in Measured other)
    {
        Measures = Measures.Merge(other.Measures);
        _state.Merge(other.State);
    }

    /// <summary>As it stands now; what is added later does not show in it.</summary>
    public Measured Value() => new(Measures, _state.Share());
}
