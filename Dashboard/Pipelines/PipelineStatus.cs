namespace Streaming.Dashboard.Pipelines;

/// <summary>How a pipeline is.</summary>
public enum PipelineState
{
    /// <summary>It has no checkpoint yet.</summary>
    NotStarted,

    /// <summary>Checkpoints come.</summary>
    Running,

    /// <summary>None has come for a while.</summary>
    Stale,

    /// <summary>An administrator has stopped it.</summary>
    Paused,

    /// <summary>A new generation catches up; the former one is shown meanwhile.</summary>
    Replaying,

    /// <summary>Its definition cannot be read by this version of the Dashboard.</summary>
    Unreadable,
}

/// <summary>The figures of a pipeline; one that is not known is null, so a zero always means zero.</summary>
/// <param name="State">How it is.</param>
/// <param name="For">How long it has been stale.</param>
/// <param name="Replayed">The part of a replay that is done, 0 to 1.</param>
/// <param name="WatermarkAge">Of the partition that is furthest behind.</param>
/// <param name="SlowestPartition">That partition.</param>
/// <param name="Lag">Records that wait in the input.</param>
/// <param name="Events">Counted in windows since the generation began.</param>
/// <param name="Late">Events that came after their window had closed.</param>
/// <param name="Rejected">Records that are no acceptable event.</param>
/// <param name="Filtered">Events that the pipeline's filter passed over.</param>
public sealed record PipelineStatus(
    PipelineState State, TimeSpan? For, double? Replayed, TimeSpan? WatermarkAge, int? SlowestPartition, long? Lag, long? Events, long? Late, long? Rejected, long? Filtered)
{
    /// <summary>The status when the database's clock says <paramref name="now"/>.</summary>
    public static PipelineStatus Of(PipelineInfo info, DateTimeOffset now, TimeSpan staleAfter)
    {
        var shown = info.Shown;
        TimeSpan? silence = info.Partitions.IsEmpty ? null : now - info.Partitions.Max(p => p.UpdatedAt);
        var slowest = shown.Where(p => p.Watermark is not null).MinBy(p => p.Watermark);
        long? Sum(Func<PipelinePartition, long?> of) => shown.IsEmpty || shown.Any(p => of(p) is null) ? null : shown.Sum(of);
        var state = StateOf(info, silence, staleAfter);
        return new PipelineStatus(
            state,
            state == PipelineState.Stale ? silence : null,
            info.Building is { } building ? Progress(info, building.Number) : null,
            slowest is null ? null : now - slowest.Watermark,
            slowest?.Source.Partition,
            Sum(p => p.Lag), Sum(p => p.Events), Sum(p => p.Late), Sum(p => p.Rejected), Sum(p => p.Filtered));
    }

    private static PipelineState StateOf(PipelineInfo info, TimeSpan? silence, TimeSpan staleAfter) => info switch
    {
        { Description: null } => PipelineState.Unreadable,
        { IsPaused: true } => PipelineState.Paused,
        // Before the replay: one that nobody computes does not go on either. The silence is of both generations.
        _ when silence > staleAfter => PipelineState.Stale,
        { Building: not null } => PipelineState.Replaying,
        _ when silence is null => PipelineState.NotStarted,
        _ => PipelineState.Running,
    };

    /// <summary>Records read of all that there are to read. By records, not by offsets: a log seldom begins at 0.</summary>
    private static double? Progress(PipelineInfo info, int generation)
    {
        var partitions = PipelineInfo.Alive(info.Partitions, generation);
        if (partitions.IsEmpty)
        {
            return 0;
        }

        var left = partitions.Sum(p => Math.Max(0, (End(p) ?? p.NextOffset) - p.NextOffset));
        var read = partitions.Sum(p => p.Read);
        return read + left == 0 ? null : (double)read / (read + left);

        // A generation that has just begun has not looked at the ends yet; the one that is shown has.
        long? End(PipelinePartition p) =>
            p.EndOffset ?? info.Shown.FirstOrDefault(s => s.Source.TopicId == p.Source.TopicId && s.Source.Partition == p.Source.Partition)?.EndOffset;
    }
}
