using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Queries;

namespace Streaming.Dashboard.Pipelines;

/// <summary>
/// Merges rows as they come into one cell for each key and column, so that the memory taken does not grow with the range. Merging is exact: the cell is what
/// one window over all its events would be.
/// </summary>
/// <param name="info">Whose rows.</param>
/// <param name="description">Its definition.</param>
/// <param name="columns">Where the columns lie; null: each row's own interval.</param>
/// <param name="maxCells">How many cells there may be.</param>
internal sealed class WindowFold(PipelineInfo info, PipelineDescription description, WindowGrid? columns, int maxCells)
{
    private readonly Dictionary<(Window Window, string Key), Cell> _cells = [];
    private readonly ImmutableDictionary<int, MeasurePlan> _plans = info.Generations.ToImmutableDictionary(g => g.Number, g => info.PlanOf(g.Number, description.Measures));
    private readonly ImmutableArray<Coverage> _covers = info.Covers();
    private readonly ImmutableDictionary<int, DateTimeOffset?> _watermarks = info.Generations.ToImmutableDictionary(g => g.Number, g => info.SmallestWatermark(g.Number));

    /// <summary>Takes in a row, if it is of the generation that is shown for its start.</summary>
    /// <exception cref="RangeTooLargeException">There are too many cells.</exception>
    public void Add(StoredRow row)
    {
        if (!_covers.Any(c => c.Generation == row.Source.Generation && c.Has(row.Window.StartMs)))
        {
            return;
        }

        // Such a window is a row only of the partitions that have closed it; as long as another has not, the rest of it lies in panes and it is no whole.
        if (columns is { HasPanes: true } && !IsFinal(row))
        {
            return;
        }

        // Windows that overlap are never put together: only slices of a grid without panes are.
        var window = columns is { HasPanes: false } ? columns.SliceOf(row.Window.StartMs) : row.Window;
        if (!_cells.TryGetValue((window, row.Id.Key), out var cell))
        {
            _cells[(window, row.Id.Key)] = cell = _cells.Count < maxCells ? new Cell() : throw new RangeTooLargeException();
        }

        // A place may hold windows of two generations; those of another definition count with what lies in columns only.
        cell.Add(_plans.GetValueOrDefault(row.Source.Generation, description.Measures), row, IsFinal(row));
    }

    /// <summary>What was merged, by end.</summary>
    public ImmutableArray<MeasuredWindow> Windows() =>
        [.. _cells.OrderBy(c => c.Key.Window.EndMs).ThenBy(c => c.Key.Key, StringComparer.Ordinal).Select(c => c.Value.Done(description.Measures, c.Key.Window, c.Key.Key))];

    /// <summary>Windows of one key whose states are gone: what lies in columns adds up, the rest has no value.</summary>
    public static MeasuredWindow Together(MeasurePlan plan, Window window, string key, IReadOnlyList<MeasuredWindow> parts)
    {
        var basic = parts.Aggregate(default(BasicMeasures), (sum, part) => sum.Merge(part.Basic));
        var reading = parts.Count == 1 ? new WindowReading(parts[0].Values, parts[0].IsDamaged) : WindowReading.Damaged(plan, basic) with { IsDamaged = false };
        return MeasuredWindow.Of(plan, window, key, basic, parts.Sum(p => p.Late), parts.All(p => p.IsFinal), parts.Count, reading);
    }

    private bool IsFinal(StoredRow row) => description.IsKeyedByRecord
        ? row.IsFinal
        : _watermarks.GetValueOrDefault(row.Source.Generation) >= row.Window.End + description.Grace;

    private sealed class Cell
    {
        private BasicMeasures _basic;
        private MeasurePlan? _plan;
        private MeasureState? _state;
        private bool _isDamaged;
        private bool _isFinal = true;
        private long _late;
        private int _rows;

        public void Add(MeasurePlan plan, StoredRow row, bool isFinal)
        {
            _basic = _basic.Merge(row.Basic);
            _late += row.Late;
            _isFinal &= isFinal;
            _rows++;
            _isDamaged |= _plan is not null && !ReferenceEquals(_plan, plan);
            _plan ??= plan;
            try
            {
                var state = _isDamaged ? null : row.State(plan);
                if (_state is null)
                {
                    _state = state;
                }
                else if (state is not null)
                {
                    _state.Merge(state);
                }
            }
            catch (MeasureStateException)
            {
                (_state, _isDamaged) = (null, true);
            }
        }

        public MeasuredWindow Done(MeasurePlan plan, Window window, string key) => MeasuredWindow.Of(plan, window, key, _basic, _late, _isFinal, _rows, Reading(plan));

        private WindowReading Reading(MeasurePlan plan)
        {
            var own = _plan ?? plan;
            try
            {
                return _isDamaged ? WindowReading.Damaged(plan, _basic) : WindowReading.Of(own, _basic, _state).As(own, plan);
            }
            catch (MeasureStateException)
            {
                return WindowReading.Damaged(plan, _basic);
            }
        }
    }
}
