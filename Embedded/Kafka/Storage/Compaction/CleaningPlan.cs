namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>What the planning needs to know of a closed segment.</summary>
/// <param name="BaseOffset">Where it begins.</param>
/// <param name="SizeBytes">Bytes of its file.</param>
/// <param name="OldestMs">Timestamp of its first batch, epoch milliseconds; negative if it has none.</param>
/// <param name="NewestMs">Largest timestamp, epoch milliseconds; negative if it has none.</param>
internal readonly record struct ClosedSegment(long BaseOffset, long SizeBytes, long OldestMs, long NewestMs);

/// <summary>What the planning needs to know of a compacted log.</summary>
/// <param name="Segments">All segments but the active one, in order.</param>
/// <param name="ActiveBaseOffset">Where the active segment begins.</param>
/// <param name="LogStartOffset">The log's first offset.</param>
/// <param name="LastStableOffset">From here on transactions are undecided.</param>
/// <param name="Progress">What the passes so far have done.</param>
internal sealed record LogFacts(
    IReadOnlyList<ClosedSegment> Segments, long ActiveBaseOffset, long LogStartOffset, long LastStableOffset, CleanerCheckpoint Progress)
{
    /// <summary>Where the next segment begins.</summary>
    public long EndOf(int index) => index + 1 < Segments.Count ? Segments[index + 1].BaseOffset : ActiveBaseOffset;
}

/// <summary>A pass that is worth its while.</summary>
/// <param name="FirstDirtyOffset">From here on nothing has been cleaned yet.</param>
/// <param name="EndOffset">The pass ends here, at a segment's beginning.</param>
/// <param name="DirtyRatio">Uncleaned bytes against all bytes before the end; 0 to 1.</param>
/// <param name="IsOverdue">It must be done whatever the ratio.</param>
internal sealed record CleaningPlan(long FirstDirtyOffset, long EndOffset, double DirtyRatio, bool IsOverdue)
{
    /// <summary>Null if there is nothing to clean, or too little. Pure.</summary>
    public static CleaningPlan? For(LogFacts log, TopicConfig config, long nowMs)
    {
        var cleanable = CountCleanable(log, config, nowMs);
        if (!config.CleansByCompaction || cleanable == 0)
        {
            return null;
        }
        var end = log.EndOf(cleanable - 1);
        var firstDirty = log.Progress.FirstDirtyOffset;
        // Behind the end of a log that lost its tail, or before the start of one that was cut: all that is left is to be looked at again.
        firstDirty = firstDirty < log.LogStartOffset || firstDirty > log.ActiveBaseOffset ? log.LogStartOffset : firstDirty;
        var all = log.Segments.Take(cleanable).ToList();
        var dirty = all.Where((_, index) => log.EndOf(index) > firstDirty).ToList();
        var ratio = dirty.Count == 0 ? 0 : dirty.Sum(segment => segment.SizeBytes) / (double)Math.Max(1, all.Sum(segment => segment.SizeBytes));
        var isOverdue = dirty.Exists(segment => segment.OldestMs >= 0 && nowMs - segment.OldestMs > config.MaxCompactionLagMs) || HasDueDeletions(log.Progress, config, nowMs);
        return isOverdue || ratio > config.MinCleanableDirtyRatio ? new CleaningPlan(firstDirty, Math.Max(end, firstDirty), ratio, isOverdue) : null;
    }

    // The leading segments whose records are all decided and older than the shortest lag.
    private static int CountCleanable(LogFacts log, TopicConfig config, long nowMs)
    {
        var count = 0;
        for (; count < log.Segments.Count; count++)
        {
            var next = log.EndOf(count);
            var isTooYoung = config.MinCompactionLagMs > 0 && next > log.Progress.FirstDirtyOffset
                && nowMs - log.Segments[count].NewestMs < config.MinCompactionLagMs;
            if (next > log.LastStableOffset || isTooYoung)
            {
                break;
            }
        }
        return count;
    }

    // Deletion markers go when their time has come, also where nothing new is appended; the whole log is read for it, so not more often than they come due.
    private static bool HasDueDeletions(CleanerCheckpoint progress, TopicConfig config, long nowMs) =>
        progress.EarliestHorizonMs <= nowMs && nowMs - progress.LastPassMs >= config.DeleteRetentionMs;
}
