using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>Windows of which each event has exactly one: tumbling ones and calendar days.</summary>
internal sealed class WholeWindows(WindowSpec of, WindowGrid grid, MeasurePlan measures) : WindowKeeper(of, measures)
{
    private readonly SortedDictionary<long, OpenWindow> _open = [];
    private readonly List<OpenWindow> _closed = [];
    private OpenWindow? _recent;

    public override int OpenWindows => _open.Count;

    public override bool Add(ReadOnlySpan<byte> key, in EventValues e, out long lastEndMs)
    {
        OpenWindow? window = _recent;
        if (window is null || !window.Window.Contains(e.EventTimeMs))
        {
            Window slice = grid.SliceOf(e.EventTimeMs);
            lastEndMs = slice.EndMs;
            if (slice.EndMs <= ClosedEndMs)
            {
                CountLate(slice, new GroupKey(key));
                return false;
            }

            window = Open(slice);
        }

        lastEndMs = window.Window.EndMs;
        window.Add(key, e);
        return true;
    }

    public override void Load(WindowRow row)
    {
        if (row.IsPane || grid.SliceOf(row.Window.StartMs) != row.Window)
        {
            throw NoOpenRow(row);
        }

        Open(row.Window).Load(row);
    }

    protected override void TakeRows(ChangeLists changes)
    {
        changes.Open.EnsureCapacity(changes.Open.Count + _open.Values.Sum(window => window.ChangedCount));
        foreach (OpenWindow window in _open.Values)
        {
            window.TakeChanged(changes.Open);
        }

        changes.Closed.EnsureCapacity(changes.Closed.Count + _closed.Sum(window => window.Count));
        foreach (OpenWindow window in _closed)
        {
            changes.Closed.AddRange(window.Close());
        }

        _closed.Clear();
    }

    // Windows that touch close in the order of their starts.
    protected override void CloseDue()
    {
        while (NextEndMs <= ClosedEndMs)
        {
            (long startMs, OpenWindow first) = _open.First();
            _closed.Add(first);
            _open.Remove(startMs);
            _recent = null;
            NextEndMs = _open.Count == 0 ? long.MaxValue : _open.First().Value.Window.EndMs;
        }
    }

    private OpenWindow Open(Window window)
    {
        if (!_open.TryGetValue(window.StartMs, out OpenWindow? open))
        {
            open = new OpenWindow(Of, window, Plan);
            _open.Add(window.StartMs, open);
            NextEndMs = Math.Min(NextEndMs, window.EndMs);
        }

        return _recent = open;
    }
}
