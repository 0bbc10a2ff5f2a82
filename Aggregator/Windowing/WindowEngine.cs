using System.Runtime.InteropServices;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// The windows of one input partition of one pipeline: events and marks in, changed rows out. A pure value machine: no clock, socket, logger or
/// task, and the same input gives the same output. Used by one thread at a time. docs/semantics.md states the rules.
/// Invariant: an open window's end + grace is greater than the watermark.
/// </summary>
public sealed class WindowEngine
{
    private readonly TumblingWindows _of;
    private readonly MeasurePlan _measures;
    private readonly TumblingWindower _windower;
    private readonly long _graceMs;
    private readonly SortedDictionary<long, OpenWindow> _open = [];
    private readonly List<OpenWindow> _closed = [];
    private readonly Dictionary<(Window, GroupKey), long> _late = [];
    private EventClock _clock;
    private OpenWindow? _recent;
    private long _nextCloseMs = long.MaxValue;
    private long _acceptedEvents;
    private long _lateEvents;
    private long _rejectedEvents;

    /// <summary>Starts where the last checkpoint left off, or empty.</summary>
    /// <param name="plan">What windows there are.</param>
    /// <param name="measures">What is measured of each.</param>
    /// <param name="watermarkMs">The checkpoint's watermark; null if there was none.</param>
    /// <param name="openRows">The rows that are not final, from PostgreSQL.</param>
    /// <exception cref="ArgumentException">An option has no meaning; a row is final, empty, twice there or no window of these options.</exception>
    public WindowEngine(WindowPlan plan, MeasurePlan measures, long? watermarkMs = null, IEnumerable<WindowRow>? openRows = null)
    {
        plan.Validate();
        _measures = measures;
        _of = (TumblingWindows)plan.Windows.Single();
        _windower = new TumblingWindower(_of);
        _graceMs = WindowPlan.Ms(plan.Grace);
        _clock = new EventClock(plan, watermarkMs);
        foreach (WindowRow row in openRows ?? [])
        {
            Load(row);
        }

        CloseWhatIsDue();
    }

    /// <summary>Milliseconds since the Unix epoch; null before the first accepted event or mark. Never goes back.</summary>
    public long? WatermarkMs => _clock.WatermarkMs;

    /// <summary>How many windows are open.</summary>
    public int OpenWindows => _open.Count;

    /// <summary>Takes one event. Allocates nothing when its key is known in its window.</summary>
    /// <param name="key">UTF-8 bytes of what to group by; read only during the call.</param>
    /// <param name="e">What is measured, and when it happened; read only during the call.</param>
    /// <param name="brokerTimestampMs">When the broker appended the record, milliseconds since the Unix epoch.</param>
    public Verdict Add(ReadOnlySpan<byte> key, in EventValues e, long brokerTimestampMs)
    {
        Verdict verdict = _clock.Judge(e.EventTimeMs, brokerTimestampMs);
        if (!verdict.IsAccepted)
        {
            _rejectedEvents++;
            return verdict;
        }

        Window window = _windower.WindowOf(e.EventTimeMs);
        if (IsClosed(window))
        {
            return AddLate(window, key);
        }

        Open(window).Add(key, e);
        _acceptedEvents++;
        if (_clock.Observe(e.EventTimeMs))
        {
            CloseWhatIsDue();
        }

        return Verdict.Accepted;
    }

    /// <summary>Advances the watermark of a silent partition; a mark behind the watermark changes nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The mark's watermark lies outside the years 3 to 9996.</exception>
    public void Apply(IdleMark mark)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mark.WatermarkMs, EventClock.EarliestMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(mark.WatermarkMs, EventClock.LatestMs);
        if (_clock.AdvanceTo(mark.WatermarkMs))
        {
            CloseWhatIsDue();
        }
    }

    /// <summary>Hands over what changed since the last take. Closed windows leave memory with it.</summary>
    public ChangeSet TakeChanges()
    {
        var open = new List<WindowRow>(_open.Values.Sum(window => window.ChangedCount));
        foreach (OpenWindow window in _open.Values)
        {
            window.TakeChanged(open);
        }

        var closed = new List<WindowRow>(_closed.Sum(window => window.Count));
        foreach (OpenWindow window in _closed)
        {
            closed.AddRange(window.Close());
        }

        var late = _late.Select(entry => new LateCount(_of, entry.Key.Item1, entry.Key.Item2, entry.Value)).ToList();
        var changes = new ChangeSet(open, closed, [], late, new EventCounts(_acceptedEvents, _lateEvents, _rejectedEvents), WatermarkMs);
        _closed.Clear();
        _late.Clear();
        _acceptedEvents = _lateEvents = _rejectedEvents = 0;
        return changes;
    }

    private bool IsClosed(Window window) => _clock.WatermarkOrUnknownMs >= ClosesAtMs(window);

    private long ClosesAtMs(Window window) => window.EndMs + _graceMs;

    private Verdict AddLate(Window window, ReadOnlySpan<byte> key)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_late, (window, new GroupKey(key)), out _)++;
        _lateEvents++;
        return Verdict.Late(_clock.WatermarkOrUnknownMs - ClosesAtMs(window));
    }

    private OpenWindow Open(Window window)
    {
        if (_recent is { } recent && recent.Window == window)
        {
            return recent;
        }

        if (!_open.TryGetValue(window.StartMs, out OpenWindow? open))
        {
            open = new OpenWindow(_of, window, _measures);
            _open.Add(window.StartMs, open);
            _nextCloseMs = Math.Min(_nextCloseMs, ClosesAtMs(window));
        }

        return _recent = open;
    }

    // Windows of one size close in the order of their starts.
    private void CloseWhatIsDue()
    {
        while (_clock.WatermarkOrUnknownMs >= _nextCloseMs)
        {
            (long startMs, OpenWindow first) = _open.First();
            _closed.Add(first);
            _open.Remove(startMs);
            _recent = null;
            _nextCloseMs = _open.Count == 0 ? long.MaxValue : ClosesAtMs(_open.First().Value.Window);
        }
    }

    private void Load(WindowRow row)
    {
        if (row.IsFinal || row.IsPane || row.Measures.Count < 1 || row.State is null == _measures.NeedsState || _windower.WindowOf(row.Window.StartMs) != row.Window)
        {
            throw new ArgumentException($"No open row of this pipeline: {row}.", nameof(row));
        }

        Open(row.Window).Load(row);
    }
}
