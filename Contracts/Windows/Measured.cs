using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Windows;

/// <summary>What was measured, as a value: nobody adds to its state any more.</summary>
/// <param name="Measures">As far as it lies in columns.</param>
/// <param name="State">What was measured besides; null where the plan needs no state, or of nothing.</param>
public readonly record struct Measured(BasicMeasures Measures, MeasureState? State)
{
    /// <summary>Both together; both are left as they are.</summary>
    public Measured Merge(in Measured other)
    {
        var state = new SharedState(State);
        state.Merge(other.State);
        return new Measured(Measures.Merge(other.Measures), state.Share());
    }
}
