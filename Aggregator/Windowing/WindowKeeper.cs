using System.Runtime.InteropServices;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// One kind of windows of one input partition. Moments are milliseconds since the Unix epoch. Invariant: what is open ends after
/// <see cref="ClosedEndMs"/>.
/// </summary>
internal abstract class WindowKeeper(WindowSpec of, int kind, MeasurePlan measures)
{
    private readonly Dictionary<(Window, GroupKey), long> _late = [];

    /// <summary>How many windows are open; of windows with panes: how many panes there are in memory.</summary>
    public abstract int OpenWindows { get; }

    /// <summary>The earliest end of an open window; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextEndMs { get; protected set; } = long.MaxValue;

    /// <summary>About how much memory the open windows take.</summary>
    public abstract long ApproximateBytes { get; }

    protected WindowSpec Of => of;

    /// <summary>The place of these windows in the plan.</summary>
    protected int Kind => kind;

    protected MeasurePlan Plan => measures;

    /// <summary>How many takes there have been: when something was touched.</summary>
    protected int Takes { get; private set; }

    /// <summary>Windows that end at this moment or before are closed.</summary>
    protected long ClosedEndMs { get; private set; } = long.MinValue;

    /// <summary>
    /// Adds the event to its open windows and counts it as late for those that are closed. False when all of them are; then
    /// <paramref name="lastEndMs"/> is the end of the one that closed last.
    /// </summary>
    public abstract bool Add(ReadOnlySpan<byte> key, in EventValues e, out long lastEndMs);

    /// <summary>Takes a row as it was written; it counts as unchanged.</summary>
    /// <exception cref="ArgumentException">It is no open row of these windows, or is there already.</exception>
    public abstract void Load(WindowRow row);

    /// <summary>Learns that there are open rows in PostgreSQL which are not given to <see cref="Load"/>.</summary>
    /// <exception cref="ArgumentException">They are no rows of these windows.</exception>
    public abstract void Leave(in StoredRows stored);

    /// <summary>Counts what could be evicted: what is as the last take saw it.</summary>
    public abstract void Survey(EvictionSurvey survey);

    /// <summary>Evicts what could be and was touched no later than this take.</summary>
    public abstract void Evict(int touchedUpTo);

    /// <summary>Of <see cref="ApproximateBytes"/>, what no eviction frees.</summary>
    public virtual long FixedBytes => 0;

    /// <summary>Whether there are stored rows that are not in memory and for which an event may have to wait.</summary>
    public virtual bool MayWait => false;

    /// <summary>Whether windows have closed whose rows are in PostgreSQL as they were before any further event.</summary>
    public virtual bool MustTake => false;

    /// <summary>How many rows are wanted.</summary>
    public virtual long WantedRows => 0;

    /// <summary>Whether the event cannot be judged before the rows of its key are here, which are wanted from then on.</summary>
    public virtual bool Wants(ReadOnlySpan<byte> key, in EventValues e) => false;

    /// <summary>Hands over the keys that are wanted.</summary>
    public virtual void TakeWanted(List<WantedKey> wanted)
    {
    }

    /// <summary>Brings back an open row of a key that was wanted.</summary>
    public virtual void Bring(WindowRow row)
    {
    }

    /// <summary>All open rows of the key are here.</summary>
    public virtual void Brought(GroupKey key)
    {
    }

    /// <summary>Adds the stored rows without which the next take would not be whole.</summary>
    public virtual void AddMissing(List<MissingRow> missing)
    {
    }

    /// <summary>Brings back a stored row that was missing.</summary>
    public virtual void Supply(WindowRow row)
    {
    }

    /// <summary>There is no such row, or it has been supplied.</summary>
    public virtual void Supplied(MissingRow asked)
    {
    }

    /// <summary>Closes the windows that end at this moment or before.</summary>
    public void CloseUpTo(long endMs)
    {
        ClosedEndMs = endMs;
        if (NextEndMs <= endMs)
        {
            CloseDue();
        }
    }

    /// <summary>Adds what changed since the last take; closed rows ordered by (window end, key).</summary>
    public void Take(ChangeLists changes)
    {
        TakeRows(changes);
        Takes++;
        changes.Late.AddRange(_late.Select(entry => new LateCount(of, entry.Key.Item1, entry.Key.Item2, entry.Value)));
        _late.Clear();
    }

    protected abstract void CloseDue();

    protected abstract void TakeRows(ChangeLists changes);

    protected void CountLate(Window window, GroupKey key) => CollectionsMarshal.GetValueRefOrAddDefault(_late, (window, key), out _)++;

    protected static ArgumentException NoOpenRow(WindowRow row) => new($"No open row of this pipeline: {row}.", nameof(row));
}

/// <summary>The lists of a <see cref="ChangeSet"/> while keepers fill them.</summary>
internal sealed class ChangeLists
{
    public List<WindowRow> Open { get; } = [];

    public List<WindowRow> Closed { get; } = [];

    public List<RemovedRow> Removed { get; } = [];

    public List<LateCount> Late { get; } = [];

    public List<StoredClosing> Stored { get; } = [];

    public List<RemovedSlice> RemovedSlices { get; } = [];
}
