using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Views;

/// <summary>The line on top of every page, over all pipelines; a figure that is not known is null.</summary>
/// <param name="Link">How figures reach this page.</param>
/// <param name="EventsPerSecond">Over the last ten seconds.</param>
/// <param name="WatermarkAge">Of the pipeline that is furthest behind.</param>
/// <param name="Slowest">That pipeline and its partition, in words.</param>
/// <param name="Lag">Records that wait in the input.</param>
/// <param name="Late">Late events since the generations began.</param>
/// <param name="Rejected">Rejected records since the generations began.</param>
/// <param name="Resting">Pipelines that are paused or have said nothing for long: age and lag pass over them.</param>
public sealed record StatusModel(
    LinkStatus Link, double? EventsPerSecond, TimeSpan? WatermarkAge, string? Slowest, long? Lag, long? Late, long? Rejected, IReadOnlyList<string> Resting)
{
    /// <summary>
    /// Who has said nothing for this long is at rest (its scenario is off, its topic is not written): its age would hide everybody else's.
    /// </summary>
    private static readonly TimeSpan AtRest = TimeSpan.FromMinutes(5);

    /// <summary>The status at <paramref name="now"/>, by this machine's clock.</summary>
    public static StatusModel Build(PipelineList list, DateTimeOffset now, TimeSpan staleAfter)
    {
        ArgumentNullException.ThrowIfNull(list);
        var databaseNow = list.Now(now);
        var pipelines = list.Pipelines.Where(p => p.Partitions.Any(partition => partition.Read > 0))
            .Select(p => (Info: p, Status: PipelineStatus.Of(p, databaseNow, staleAfter))).ToList();
        TimeSpan? silence = pipelines.Count == 0 ? null : databaseNow - pipelines.Max(p => p.Info.Partitions.Max(partition => partition.UpdatedAt));
        var link = LinkStatus.Of(list.Health, now, silence, staleAfter);
        var resting = pipelines.Where(p => IsAtRest(p.Status)).ToList();
        var moving = pipelines.Except(resting).ToList();
        var (behind, slowest) = moving.Where(p => p.Status.WatermarkAge is not null).OrderByDescending(p => p.Status.WatermarkAge).FirstOrDefault();
        return new StatusModel(
            link,
            link.State == LinkState.Live ? list.EventsPerSecond : null,
            slowest?.WatermarkAge,
            behind is null ? null : $"{behind.Title}, partition {slowest!.SlowestPartition}",
            Sum(moving, status => status.Lag),
            Sum(pipelines, status => status.Late),
            Sum(pipelines, status => status.Rejected),
            [.. resting.Select(p => p.Info.Title)]);
    }

    private static bool IsAtRest(PipelineStatus status) => status.State == PipelineState.Paused || status.For > AtRest;

    private static long? Sum(List<(PipelineInfo Info, PipelineStatus Status)> pipelines, Func<PipelineStatus, long?> of) =>
        pipelines.Count == 0 || pipelines.Any(p => of(p.Status) is null) ? null : pipelines.Sum(p => of(p.Status));
}
