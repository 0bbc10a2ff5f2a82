using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Pipelines;

/// <summary>What one input partition has measured of a key in a window; the window is the merge of its parts.</summary>
public interface IWindowPart
{
    /// <summary>Which partition.</summary>
    RowSource Source { get; }

    /// <summary>What lies in columns.</summary>
    BasicMeasures Basic { get; }

    /// <summary>Events that came after this partition had closed the window.</summary>
    long Late { get; }

    /// <summary>Whether this partition has closed the window.</summary>
    bool IsFinal { get; }

    /// <summary>The partition's checkpoint that wrote it last.</summary>
    long Version { get; }

    /// <summary>What was measured besides; a copy that the caller may change. Null where the plan needs none.</summary>
    /// <exception cref="MeasureStateException">The bytes are no state of this plan.</exception>
    MeasureState? State(MeasurePlan plan);
}
