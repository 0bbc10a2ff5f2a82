using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Control;

/// <summary>Where a replay begins in one partition, and what is known of the records before.</summary>
/// <param name="Partition">The partition's number.</param>
/// <param name="Offset">The first offset that the replay reads.</param>
/// <param name="LogStart">The first offset that the log still has.</param>
/// <param name="FirstTimestampMs">Broker timestamp of the first record at or behind <paramref name="Offset"/>; null when there is none.</param>
/// <param name="Former">How far the active generation is; null when it has no checkpoint here.</param>
internal sealed record PartitionStart(int Partition, long Offset, long LogStart, long? FirstTimestampMs, FormerProgress? Former);

/// <summary>How far the active generation is in a partition.</summary>
/// <param name="NextOffset">The offset that it reads next.</param>
/// <param name="WatermarkMs">Its watermark, milliseconds since the Unix epoch; null before the first event.</param>
internal sealed record FormerProgress(long NextOffset, long? WatermarkMs);

/// <summary>What a replay is planned from.</summary>
/// <param name="AskedMs">The instant that it was asked from, milliseconds since the Unix epoch; null: the earliest record.</param>
/// <param name="IsAppendTime">The broker sets the records' timestamps, so that they do not fall along a partition.</param>
/// <param name="IsSameDefinition">The active generation has the same fingerprint.</param>
/// <param name="FormerCoversFromMs">The active generation's own <c>covers_from</c>.</param>
/// <param name="ReplacedWatermarkMs">The largest watermark of topics that are gone; null when there are none.</param>
/// <param name="NowMs">The clock.</param>
internal sealed record CoverageFacts(long? AskedMs, bool IsAppendTime, bool IsSameDefinition, long? FormerCoversFromMs, long? ReplacedWatermarkMs, long NowMs);

/// <summary>From when on the windows of a replay are whole. docs/semantics.md, "How covers_from is found", states the rules.</summary>
internal static class Coverage
{
    /// <summary>No day is longer, also where a zone changes its offset by hours.</summary>
    private static readonly TimeSpan LongestDay = TimeSpan.FromHours(48);

    /// <summary>First instant, in milliseconds since the Unix epoch, such that no missing event can belong to a window that starts at or after it; null: nothing is missing.</summary>
    public static long? FromMs(IEnumerable<PartitionStart> starts, CoverageFacts facts, WindowPlan windows)
    {
        var replaced = facts.ReplacedWatermarkMs is { } watermark ? watermark + WindowPlan.Ms(windows.OutOfOrderness) : (long?)null;
        var missing = starts.Select(start => MissingUpToMs(start, facts, windows)).Append(replaced).Max();
        return missing is { } last ? last + 1 + WindowPlan.Ms(LongestGap(windows)) : null;
    }

    /// <summary>The largest event time that an event before the start can have; null when none is missing.</summary>
    public static long? MissingUpToMs(PartitionStart start, CoverageFacts facts, WindowPlan windows)
    {
        if (start.Offset == 0)
        {
            return null;
        }

        var futureBound = WindowPlan.Ms(windows.FutureBound);
        var bounds = new List<long>();
        if (facts.IsAppendTime && start.FirstTimestampMs is { } first)
        {
            bounds.Add(first + futureBound);
        }

        if (facts.AskedMs is { } asked && (facts.IsAppendTime || start.LogStart == 0))
        {
            bounds.Add(asked + futureBound);
        }

        var seen = Seen(start, facts, windows);
        if (seen is { IsSeen: true, LatestMs: null })
        {
            return null;
        }

        if (seen is { IsSeen: true, LatestMs: { } latest })
        {
            bounds.Add(latest);
        }

        return bounds.Count > 0 ? bounds.Min() : Fallback(start, facts, windows);
    }

    /// <summary>The latest watermark that the active generation needs to have in each partition so that all of its windows before an instant are closed.</summary>
    public static long ClosedAtMs(long coversFromMs, WindowPlan windows) => coversFromMs + WindowPlan.Ms(LongestOpen(windows));

    /// <summary>How long after its start a window can still be open, in event time.</summary>
    public static TimeSpan LongestOpen(WindowPlan windows) => windows.Grace + windows.Windows.Max(window => window switch
    {
        TumblingWindows w => w.Size,
        HoppingWindows w => w.Size,
        CumulativeWindows w => w.Size,
        SessionWindows w => w.Gap,
        CalendarDays => LongestDay,
        _ => throw new ArgumentOutOfRangeException(nameof(windows), window, "an unknown kind of window"),
    });

    /// <summary>What the active generation has seen of the records before the start: all of them, and no later event than its watermark says.</summary>
    private static (bool IsSeen, long? LatestMs) Seen(PartitionStart start, CoverageFacts facts, WindowPlan windows)
    {
        if (!facts.IsSameDefinition || start.Former is not { } former || former.NextOffset < start.Offset)
        {
            return (false, null);
        }

        var latest = former.WatermarkMs is { } watermark ? watermark + WindowPlan.Ms(windows.OutOfOrderness) : (long?)null;
        // What it lacks itself was before its own bound.
        return (true, latest is { } l && facts.FormerCoversFromMs is { } c ? Math.Max(l, c) : latest ?? facts.FormerCoversFromMs);
    }

    private static long Fallback(PartitionStart start, CoverageFacts facts, WindowPlan windows)
    {
        var now = facts.NowMs + WindowPlan.Ms(windows.FutureBound);
        return !facts.IsAppendTime && start.Former?.WatermarkMs is { } watermark ? Math.Max(now, watermark + WindowPlan.Ms(windows.OutOfOrderness)) : now;
    }

    private static TimeSpan LongestGap(WindowPlan windows) =>
        windows.Windows.OfType<SessionWindows>().Select(window => window.Gap).DefaultIfEmpty(TimeSpan.Zero).Max();
}
