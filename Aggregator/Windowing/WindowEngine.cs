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
    private readonly WindowKeeper[] _keepers;
    private readonly IReadOnlyList<WindowSpec> _kinds;
    private readonly Dictionary<string, WindowKeeper> _byName;
    private readonly MeasurePlan _measures;
    private readonly long _graceMs;
    private EventClock _clock;
    private bool _mayWait;
    private long _acceptedEvents;
    private long _lateEvents;
    private long _rejectedEvents;

    /// <summary>Starts where the last checkpoint left off, or empty.</summary>
    /// <param name="plan">What windows there are.</param>
    /// <param name="measures">What is measured of each.</param>
    /// <param name="watermarkMs">The checkpoint's watermark; null if there was none.</param>
    /// <param name="openRows">The rows that are not final, from PostgreSQL.</param>
    /// <param name="stored">Where rows lie that are not final and are not in <paramref name="openRows"/>: of each kind of windows, all rows or none are given.</param>
    /// <exception cref="ArgumentException">An option has no meaning; a row is final, empty, twice there or no window of these options.</exception>
    public WindowEngine(WindowPlan plan, MeasurePlan measures, long? watermarkMs = null, IEnumerable<WindowRow>? openRows = null, IEnumerable<StoredRows>? stored = null)
    {
        plan.Validate();
        _graceMs = WindowPlan.Ms(plan.Grace);
        _clock = new EventClock(plan, watermarkMs);
        _kinds = plan.Windows;
        _keepers = [.. plan.Windows.Select((of, kind) => KeeperOf(of, kind, measures))];
        CloseWhatIsDue();
        _byName = plan.Windows.Zip(_keepers).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        _measures = measures;
        foreach (StoredRows rows in stored ?? [])
        {
            _byName[rows.Of.Name].Leave(rows);
        }

        foreach (WindowRow row in openRows ?? [])
        {
            KeeperOf(row).Load(row);
        }

        CloseWhatIsDue();
        LookForStored();
    }

    /// <summary>Milliseconds since the Unix epoch; null before the first accepted event or mark. Never goes back.</summary>
    public long? WatermarkMs => _clock.WatermarkMs;

    /// <summary>How many windows are open; of hopping and cumulative ones and of sessions, how many panes and sessions of all keys.</summary>
    public int OpenWindows => _keepers.Sum(keeper => keeper.OpenWindows);

    /// <summary>About how many bytes of memory the open windows take.</summary>
    public long ApproximateBytes => _keepers.Sum(keeper => keeper.ApproximateBytes);

    /// <summary>Of <see cref="ApproximateBytes"/>, what no eviction frees.</summary>
    public long FixedBytes => _keepers.Sum(keeper => keeper.FixedBytes);

    /// <summary>Whether every event waits until the changes have been taken.</summary>
    public bool MustTake => Array.Exists(_keepers, keeper => keeper.MustTake);

    /// <summary>How many rows the keys may have that are wanted, because events wait for them.</summary>
    public long WantedRows => _keepers.Sum(keeper => keeper.WantedRows);

    /// <summary>
    /// Stored rows that have been evicted and are needed before the next take, because events came for them. They are to be loaded as the last checkpoint left
    /// them and given to <see cref="Supply"/>. Events that come meanwhile may make more rows missing.
    /// </summary>
    public IReadOnlyList<MissingRow> Missing
    {
        get
        {
            var missing = new List<MissingRow>();
            foreach (WindowKeeper keeper in _keepers)
            {
                keeper.AddMissing(missing);
            }

            return missing;
        }
    }

    /// <summary>
    /// Takes one event. Allocates nothing when its key is known in its windows. When the answer is <see cref="VerdictKind.Waits"/>, nothing has changed, and the
    /// event and all that follow it are to be given again once the rows of <see cref="TakeWanted"/> were brought, or changes were taken.
    /// </summary>
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

        if (_mayWait && Wants(key, e))
        {
            return Verdict.Waits;
        }

        bool isTakenByFirst = _keepers[0].Add(key, e, out long lastEndMs);
        bool isTaken = isTakenByFirst;
        for (int i = 1; i < _keepers.Length; i++)
        {
            isTaken |= _keepers[i].Add(key, e, out long endMs);
            lastEndMs = Math.Max(lastEndMs, endMs);
        }

        if (!isTaken)
        {
            _lateEvents++;
            return Verdict.Late(_clock.WatermarkOrUnknownMs - _graceMs - lastEndMs);
        }

        _acceptedEvents++;
        if (_clock.Observe(e.EventTimeMs))
        {
            CloseWhatIsDue();
        }

        return isTakenByFirst ? Verdict.Accepted : Verdict.Accepted with { IsLateForFirst = true };
    }

    /// <summary>Whether the event will wait, if it is the next: the rows of its key are wanted from then on, so that those of many events can be loaded at once.</summary>
    public bool Wants(ReadOnlySpan<byte> key, in EventValues e)
    {
        bool wants = MustTake;
        foreach (WindowKeeper keeper in _keepers)
        {
            wants |= keeper.MayWait && keeper.Wants(key, e);
        }

        return wants;
    }

    /// <summary>
    /// Hands over the keys of which events wait for the open rows. They are to be loaded as the last checkpoint left them, while nothing that was taken is uncommitted
    /// and before anything else happens here, and given to <see cref="Bring"/>.
    /// </summary>
    public IReadOnlyList<WantedKey> TakeWanted()
    {
        var wanted = new List<WantedKey>();
        foreach (WindowKeeper keeper in _keepers)
        {
            keeper.TakeWanted(wanted);
        }

        return wanted;
    }

    /// <summary>Brings keys back with all their open rows.</summary>
    /// <param name="wanted">What was wanted.</param>
    /// <param name="rows">The rows that are stored of it, as they are there.</param>
    /// <exception cref="ArgumentException">A row is none of this pipeline's.</exception>
    public void Bring(IReadOnlyList<WantedKey> wanted, IEnumerable<WindowRow> rows)
    {
        foreach (WindowRow row in rows)
        {
            KeeperOf(row).Bring(row);
        }

        foreach (WantedKey key in wanted)
        {
            _byName[key.Of.Name].Brought(key.Key);
        }

        LookForStored();
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

    /// <summary>
    /// Lets go of what has not been touched for longest, when memory is above a bound, until three quarters of it are left or nothing more can go. Evicted is
    /// only what is stored as it stands here, so this must be called while no change that was taken is uncommitted. Results are the same as without it.
    /// </summary>
    /// <param name="maxBytes">The bound, in the unit of <see cref="ApproximateBytes"/>.</param>
    public void Evict(long maxBytes)
    {
        long bytes = ApproximateBytes;
        if (bytes <= maxBytes)
        {
            return;
        }

        var survey = new EvictionSurvey();
        foreach (WindowKeeper keeper in _keepers)
        {
            keeper.Survey(survey);
        }

        if (survey.UpTo(bytes - (maxBytes / 4 * 3)) is { } touchedUpTo)
        {
            foreach (WindowKeeper keeper in _keepers)
            {
                keeper.Evict(touchedUpTo);
            }
        }

        LookForStored();
    }

    /// <summary>Brings back what was <see cref="Missing"/>.</summary>
    /// <param name="asked">What was asked for; rows of it that are not given are not stored.</param>
    /// <param name="rows">The rows that are stored, as they are there.</param>
    /// <exception cref="ArgumentException">A row is none of this pipeline's.</exception>
    public void Supply(IReadOnlyList<MissingRow> asked, IEnumerable<WindowRow> rows)
    {
        foreach (WindowRow row in rows)
        {
            KeeperOf(row).Supply(row);
        }

        foreach (MissingRow missing in asked)
        {
            _byName[missing.Of.Name].Supplied(missing);
        }
    }

    /// <summary>Hands over what changed since the last take. Closed windows leave memory with it.</summary>
    /// <exception cref="InvalidOperationException">Rows are <see cref="Missing"/>.</exception>
    public ChangeSet TakeChanges()
    {
        if (Missing.Count > 0)
        {
            throw new InvalidOperationException("Rows that were evicted have to be supplied first.");
        }

        var lists = new ChangeLists();
        foreach (WindowKeeper keeper in _keepers)
        {
            keeper.Take(lists);
        }

        // Each keeper's are in order of end and key, and the sort is stable: so the plan's order decides between kinds of windows.
        IReadOnlyList<WindowRow> closed = _keepers.Length == 1 ? lists.Closed : [.. lists.Closed.OrderBy(row => row.Window.EndMs)];
        var changes = new ChangeSet(
            lists.Open, closed, lists.Removed, lists.Late, new EventCounts(_acceptedEvents, _lateEvents, _rejectedEvents), WatermarkMs)
        {
            Kinds = _kinds,
            Stored = lists.Stored,
            RemovedSlices = lists.RemovedSlices,
        };
        LookForStored();
        _acceptedEvents = _lateEvents = _rejectedEvents = 0;
        return changes;
    }

    private static WindowKeeper KeeperOf(WindowSpec of, int kind, MeasurePlan measures) => of switch
    {
        SessionWindows sessions => new Sessions(sessions, kind, measures),
        _ when WindowGrid.Of(of) is { HasPanes: true } grid => new PanedWindows(of, kind, grid, measures),
        _ => new WholeWindows(of, kind, WindowGrid.Of(of), measures),
    };

    private void CloseWhatIsDue()
    {
        if (_clock.WatermarkMs is not { } watermarkMs)
        {
            return;
        }

        foreach (WindowKeeper keeper in _keepers)
        {
            keeper.CloseUpTo(watermarkMs - _graceMs);
            _mayWait |= keeper.MustTake;
        }
    }

    // Events are spared the question while everything is in memory.
    private void LookForStored() => _mayWait = Array.Exists(_keepers, keeper => keeper.MayWait);

    private WindowKeeper KeeperOf(WindowRow row) =>
        !row.IsFinal && row.Measures.Count >= 1 && row.State is null != _measures.NeedsState && _byName.TryGetValue(row.Of.Name, out WindowKeeper? keeper)
            ? keeper
            : throw new ArgumentException($"No open row of this pipeline: {row}.", nameof(row));
}
