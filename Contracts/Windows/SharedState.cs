using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Windows;

/// <summary>
/// A <see cref="MeasureState"/> that is handed out without a copy: what was handed out never changes, because the next change is made to a copy.
/// It is changed in place: keep it in a field that is not read-only.
/// </summary>
/// <param name="state">A state that others hold too; null for that of nothing.</param>
public struct SharedState(MeasureState? state)
{
    private MeasureState? _state = state;
    private bool _isShared = true;

    /// <summary>About how many bytes it takes.</summary>
    public readonly int ApproximateBytes => _state?.ApproximateBytes ?? 0;

    /// <summary>Hands the state out; null while there is none.</summary>
    public MeasureState? Share()
    {
        _isShared = true;
        return _state;
    }

    /// <summary>Adds an event, where the plan needs a state.</summary>
    public void Add(MeasurePlan plan, in EventValues e)
    {
        if (plan.NeedsState)
        {
            Own(plan).Add(e);
        }
    }

    /// <summary>Takes in what another has measured; null is nothing.</summary>
    public void Merge(MeasureState? other)
    {
        if (other is null || _state is null)
        {
            (_state, _isShared) = (_state ?? other, _state is null || _isShared);
            return;
        }

        _state = _isShared ? _state.Clone() : _state;
        _isShared = false;
        _state.Merge(other);
    }

    private MeasureState Own(MeasurePlan plan)
    {
        _state = _state is null ? new MeasureState(plan) : _isShared ? _state.Clone() : _state;
        _isShared = false;
        return _state;
    }
}
