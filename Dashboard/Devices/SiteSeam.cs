using System.Collections.Immutable;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Devices;

/// <summary>
/// Where what was read from the database ends and what is pushed begins. Pure. Everything from the seam on comes out of the newest snapshot, the open windows
/// included. The seam is the start of a slot, so both sides together are the range, once.
/// </summary>
/// <param name="AtMs">The seam.</param>
/// <param name="FirstHeldMs">Every slot that begins then or later is whole in the snapshot.</param>
/// <param name="IsSettled">Whether every window before the seam is final; else what was read is soon out of date.</param>
internal readonly record struct SiteSeam(long AtMs, long FirstHeldMs, bool IsSettled)
{
    /// <summary>The seam of a snapshot that holds windows of the newest stretch's level.</summary>
    public static SiteSeam Of(PipelineSnapshot snapshot, Stretch newest)
    {
        var info = snapshot.Info!;
        var passedMs = (info.SmallestWatermark(info.Generation) - info.Description!.Grace)?.ToUnixTimeMilliseconds() ?? long.MinValue;
        var settledMs = StartOf(newest, passedMs);
        var heldMs = FirstSlotFrom(newest, snapshot.Spec?.Name == newest.Level.Windows.Name ? HeldFromMs(snapshot) : long.MaxValue);
        return new SiteSeam(Math.Max(settledMs, heldMs), heldMs, settledMs >= heldMs);
    }

    /// <summary>The stretches up to the start of a slot.</summary>
    public static ImmutableArray<Stretch> Before(ImmutableArray<Stretch> stretches, long atMs) =>
    [
        .. stretches.Where(stretch => stretch.Range.StartMs < atMs)
            .Select(stretch => stretch.Range.EndMs <= atMs ? stretch : stretch with { Range = stretch.Range with { EndMs = atMs } }),
    ];

    /// <summary>Windows that start then or later are all in the snapshot.</summary>
    private static long HeldFromMs(PipelineSnapshot snapshot) => PipelineReader.NewestWatermark(snapshot.Info!) is { } watermark
        ? Math.Max(snapshot.CompleteFromMs, (watermark - snapshot.Spec!.Horizon()).ToUnixTimeMilliseconds())
        : snapshot.CompleteFromMs;

    private static long StartOf(Stretch stretch, long timeMs) =>
        timeMs < stretch.Range.StartMs ? stretch.Range.StartMs : timeMs >= stretch.Range.EndMs ? stretch.Range.EndMs : stretch.SlotOf(timeMs).StartMs;

    private static long FirstSlotFrom(Stretch stretch, long timeMs) => StartOf(stretch, timeMs) is var start && (start >= timeMs || start == stretch.Range.EndMs) ? start : stretch.SlotOf(timeMs).EndMs;
}
