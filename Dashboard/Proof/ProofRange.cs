using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Proof;

/// <summary>The minutes whose raw events are all kept: those that start in [<paramref name="From"/>, <paramref name="Until"/>).</summary>
public readonly record struct KeptRange(DateTimeOffset From, DateTimeOffset Until);

/// <summary>Finds out which minutes can be compared at all: a minute of which some events were never kept, or are deleted already, would seem to differ. Pure.</summary>
public static class ProofRange
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <param name="info">The pipeline.</param>
    /// <param name="firsts">Of each partition with kept events: the first kept offset, and the largest event time among the first of them.</param>
    /// <param name="newest">The newest event time among all that are kept.</param>
    /// <param name="deletedUntil">Events before this instant may be deleted at any moment.</param>
    public static KeptRange Kept(PipelineInfo info, IEnumerable<(long Offset, DateTimeOffset Time)> firsts, DateTimeOffset newest, DateTimeOffset deletedUntil)
    {
        var description = info.Description!;
        var from = Ceiling(deletedUntil + Minute);

        // Events that came before the first kept one may belong to minutes up to the one that was open then, but to none that it was too early for.
        foreach (var first in firsts.Where(first => first.Offset > 0))
        {
            from = Later(from, Ceiling(Floor(first.Time) + Minute + description.OutOfOrderness + description.Grace));
        }

        // The windows of a former generation are not made of this one's events.
        if (info.Covers() is [{ FromMs: var covers and not long.MinValue }, ..])
        {
            from = Later(from, Ceiling(DateTimeOffset.FromUnixTimeMilliseconds(covers)));
        }

        // Windows go on and events do not: keeping them was switched off about when the newest one came, in some partitions a little earlier.
        var isBehind = PipelineReader.NewestWatermark(info) is { } watermark && Floor(watermark) > Floor(newest) + Minute;
        return new KeptRange(from, isBehind ? Floor(newest) - Minute : DateTimeOffset.MaxValue);
    }

    /// <summary>The minute that holds an instant.</summary>
    public static DateTimeOffset Floor(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset instant) => Floor(instant) == instant ? instant : Floor(instant) + Minute;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
