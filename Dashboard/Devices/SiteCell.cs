using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Devices;

/// <summary>Measures of one site in one slot, or of more, while they are merged. Merging is exact: the cell is what one window over all its events would be.</summary>
internal sealed class SiteCell
{
    private BasicMeasures _basic;
    private MeasureState? _state;
    private long _late;

    // A state that cannot be read, or is another definition's: what lies in it is unknown.
    private bool _isPartial;

    public bool IsFinal { get; private set; } = true;

    public long Bytes => 120 + (_state?.ApproximateBytes ?? 0);

    /// <param name="plan">The plan of the definition that is shown; null when the row is of another.</param>
    /// <param name="row">A row of the site in the slot.</param>
    /// <param name="isFinal">Whether it changes no more.</param>
    public void Add(MeasurePlan? plan, StoredRow row, bool isFinal)
    {
        (_basic, _late, IsFinal) = (_basic.Merge(row.Basic), _late + row.Late, IsFinal && isFinal);
        MeasureState? state = null;
        try
        {
            state = plan is null ? null : row.State(plan);
        }
        catch (MeasureStateException)
        {
            // Told by what is unknown.
        }

        Take(state, isPartial: state is null, isOwn: true);
    }

    /// <summary>Takes in another cell, which stays as it is.</summary>
    public void Merge(SiteCell other)
    {
        (_basic, _late, IsFinal) = (_basic.Merge(other._basic), _late + other._late, IsFinal && other.IsFinal);
        Take(other._state, other._isPartial, isOwn: false);
    }

    public SiteReading Read(MeasurePlan plan) => SiteReading.Of(plan, _basic, _isPartial ? null : _state, _late);

    private void Take(MeasureState? state, bool isPartial, bool isOwn)
    {
        _isPartial |= isPartial;
        if (_isPartial)
        {
            _state = null;
        }
        else if (_state is null)
        {
            _state = isOwn ? state : state?.Clone();
        }
        else if (state is not null)
        {
            _state.Merge(state);
        }
    }
}
