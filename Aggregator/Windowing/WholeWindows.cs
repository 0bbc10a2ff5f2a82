using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>Windows of which each event has exactly one: tumbling ones and calendar days.</summary>
internal sealed class WholeWindows(WindowSpec of, int kind, WindowGrid grid, MeasurePlan measures) : WindowKeeper(of, kind, measures)
{
    private readonly SortedDictionary<long, OpenWindow> _open = [];
    private readonly List<OpenWindow> _closed = [];
    private OpenWindow? _recent;
    private OpenWindow? _found;

    public override int OpenWindows => _open.Count;

    public override long ApproximateBytes => _open.Values.Concat(_closed).Sum(window => window.ApproximateBytes);

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
        window.Add(key, e, Takes);
        return true;
    }

    public override void Load(WindowRow row)
    {
        if (row.IsPane || grid.SliceOf(row.Window.StartMs) != row.Window)
        {
            throw NoOpenRow(row);
        }

        Open(row.Window).Load(row, Takes);
    }

    public override void Leave(in StoredRows stored)
    {
        if (stored.IsPane || grid.SliceOf(stored.Window.StartMs) != stored.Window)
        {
            throw new ArgumentException($"No window of this pipeline: {stored}.", nameof(stored));
        }

        Open(stored.Window).Leave();
    }

    public override void Survey(EvictionSurvey survey)
    {
        foreach (OpenWindow window in _open.Values)
        {
            window.Survey(survey);
        }
    }

    public override void Evict(int touchedUpTo)
    {
        foreach (OpenWindow window in _open.Values)
        {
            window.Evict(touchedUpTo);
        }
    }

    public override void AddMissing(List<MissingRow> missing)
    {
        foreach (OpenWindow window in _open.Values.Concat(_closed))
        {
            missing.AddRange(window.MissingKeys().Select(key => new MissingRow(Of, window.Window, key, IsPane: false)));
        }
    }

    public override void Supply(WindowRow row) => Find(row.Window)?.Supply(row);

    public override void Supplied(MissingRow asked) => Find(asked.Window)?.Supplied(asked.Key);

    protected override void TakeRows(ChangeLists changes)
    {
        changes.Open.EnsureCapacity(changes.Open.Count + _open.Values.Sum(window => window.ChangedCount));
        foreach (OpenWindow window in _open.Values)
        {
            window.TakeChanged(changes.Open);
        }

        foreach (OpenWindow window in _closed)
        {
            TakeClosed(window, changes);
        }

        _closed.Clear();
        _found = null;
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

    private void TakeClosed(OpenWindow window, ChangeLists changes)
    {
        if (window.HasEvicted)
        {
            window.TakeChanged(changes.Open);
            changes.Stored.Add(new StoredClosing(Of, Kind, window.Window, StoredKind.Rows));
            return;
        }

        changes.Closed.EnsureCapacity(changes.Closed.Count + window.Count);
        changes.Closed.AddRange(window.Close());
    }

    // Rows are supplied window by window, and many windows may have closed.
    private OpenWindow? Find(Window window)
    {
        if (_found?.Window != window)
        {
            _found = _open.GetValueOrDefault(window.StartMs) ?? _closed.Find(closed => closed.Window == window);
        }

        return _found;
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
