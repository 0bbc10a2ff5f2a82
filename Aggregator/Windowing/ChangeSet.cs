using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// What happened in one partition between two takes: what a checkpoint writes. It belongs to whoever took it and shares nothing that
/// changes with the engine, so it can be written while the engine goes on.
/// </summary>
/// <param name="Open">Rows of open windows that changed, in no particular order; each key of a window at most once.</param>
/// <param name="Closed">All rows of the windows that closed, final, ordered by (window end, key): upserts, and what goes downstream once.</param>
/// <param name="Removed">Rows that ceased to be: panes of which the last window has closed, sessions that became part of another.</param>
/// <param name="LateCounts">To be added to the <c>late</c> counters of rows, after the rows above are written; at most one per (window, key).</param>
/// <param name="Counts">How many events came in, by what became of them.</param>
/// <param name="WatermarkMs">The watermark now; null before the first accepted event or mark.</param>
public sealed record ChangeSet(
    IReadOnlyList<WindowRow> Open,
    IReadOnlyList<WindowRow> Closed,
    IReadOnlyList<RemovedRow> Removed,
    IReadOnlyList<LateCount> LateCounts,
    EventCounts Counts,
    long? WatermarkMs)
{
    /// <summary>
    /// Windows that closed and whose rows are not in memory: the checkpoint reads them from PostgreSQL after it has written <see cref="Open"/>, and they become
    /// final in one order with <see cref="Closed"/> (<see cref="ClosedRows"/>). Those of one kind are in the order of their ends.
    /// </summary>
    public IReadOnlyList<StoredClosing> Stored { get; init; } = [];

    /// <summary>The pipeline's kinds of windows, in its order.</summary>
    public IReadOnlyList<WindowSpec> Kinds { get; init; } = [];

    /// <summary>Slices of which no row is open any more: all their panes are to be removed, after everything else was written.</summary>
    public IReadOnlyList<RemovedSlice> RemovedSlices { get; init; } = [];

    /// <summary>The place of these windows in the pipeline's list.</summary>
    public int KindOf(WindowSpec of)
    {
        for (int kind = 0; kind < Kinds.Count; kind++)
        {
            if (Kinds[kind].Equals(of))
            {
                return kind;
            }
        }

        throw new ArgumentException($"'{of.Name}' is none of the pipeline's windows.", nameof(of));
    }

    /// <summary>The watermark as an instant, UTC.</summary>
    public DateTimeOffset? Watermark => WatermarkMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
}

/// <summary>Late events of one key for one closed window. The row's measures stay as they are; there may be no such row.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Window">The closed window that the events would have been in.</param>
/// <param name="Key">Their key.</param>
/// <param name="Events">How many since the last take.</param>
public readonly record struct LateCount(WindowSpec Of, Window Window, GroupKey Key, long Events);

/// <summary>A row that was written, or might have been, and is no more.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Window">Its interval.</param>
/// <param name="Key">Its key.</param>
/// <param name="IsPane">Whether it was a pane.</param>
public readonly record struct RemovedRow(WindowSpec Of, Window Window, GroupKey Key, bool IsPane);

/// <summary>All panes of a slice are no more.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Slice">Its interval.</param>
public readonly record struct RemovedSlice(WindowSpec Of, Window Slice);

/// <summary>Events by what became of them; each event is counted once.</summary>
public readonly record struct EventCounts(long Accepted, long Late, long Rejected)
{
    public long Total => Accepted + Late + Rejected;
}
