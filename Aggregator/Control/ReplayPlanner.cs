using System.Globalization;
using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;
using Streaming.Contracts.Pipelines;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Control;

/// <summary>Where a replay starts, and what it covers.</summary>
/// <param name="TopicId">The source topic as it is now.</param>
/// <param name="From">The instant that was asked for; null: the earliest record.</param>
/// <param name="CoversFrom">Windows that start before it stay with the former generation; null: nothing is missing.</param>
/// <param name="Starts">The first offset of each partition.</param>
/// <param name="Warning">What the replay cannot give; null when it is whole.</param>
internal sealed record ReplayPlan(Guid TopicId, DateTimeOffset? From, DateTimeOffset? CoversFrom, IReadOnlyList<PartitionStart> Starts, string? Warning);

/// <summary>Plans replays: asks the broker where to begin, and refuses a beginning that would lose events.</summary>
internal sealed class ReplayPlanner(PipelineDefinition pipeline, SourceLog log, ReplayStore store, TimeProvider time)
{
    /// <exception cref="ControlRefusedException">It would lose events, or there is nothing to replay.</exception>
    /// <exception cref="KafkaException">The broker is away.</exception>
    public async Task<ReplayPlan> PlanAsync(ControlRows rows, DateTimeOffset? from, CancellationToken cancellationToken)
    {
        var topic = await log.FindAsync(pipeline.Source.Name, cancellationToken)
            ?? throw new ControlRefusedException($"There is no topic '{pipeline.Source.Name}' to replay.");
        var known = await store.ReadProgressAsync(pipeline.Name, rows.ActiveNumber, topic.Id, cancellationToken);
        var starts = await FindStartsAsync(topic, from, known, cancellationToken);
        var facts = new CoverageFacts(
            from?.ToUnixTimeMilliseconds(), await log.IsAppendTimeAsync(pipeline.Source.Name, cancellationToken), rows.Active.Fingerprint == pipeline.Fingerprint,
            rows.Active.CoversFrom is { } covers ? new DateTimeOffset(covers).ToUnixTimeMilliseconds() : null, known.ReplacedWatermarkMs, time.GetUtcNow().ToUnixTimeMilliseconds());
        var coversFromMs = Coverage.FromMs(starts, facts, WithLongestWait(known.Definition));
        var problem = Problem(starts, coversFromMs);
        if (problem is not null && from is not null)
        {
            throw new ControlRefusedException(problem);
        }

        return new ReplayPlan(topic.Id, from, coversFromMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null, starts, problem ?? Incomplete(coversFromMs));
    }

    /// <summary>The plan's windows, with the former definition's out-of-orderness where that is larger: its watermarks are read back to event times.</summary>
    private WindowPlan WithLongestWait(string formerDefinition)
    {
        var former = PipelineDescription.TryParse(formerDefinition)?.OutOfOrderness ?? TimeSpan.Zero;
        return former > pipeline.Windows.OutOfOrderness ? pipeline.Windows with { OutOfOrderness = former } : pipeline.Windows;
    }

    private async Task<IReadOnlyList<PartitionStart>> FindStartsAsync(
        SourceTopicNow topic, DateTimeOffset? from, KnownProgress known, CancellationToken cancellationToken)
    {
        var ranges = await log.RangesAsync(pipeline.Source.Name, topic.Partitions, cancellationToken);
        var firsts = await log.FirstSinceAsync(pipeline.Source.Name, topic.Partitions, from?.ToUnixTimeMilliseconds() ?? 0, cancellationToken);
        return
        [
            .. topic.Partitions.Select(partition =>
            {
                var (range, first) = (ranges[partition], firsts[partition]);
                var hasRecord = first.Offset >= 0;
                var offset = from is null ? range.Start : hasRecord ? Math.Max(first.Offset, range.Start) : range.End;
                return new PartitionStart(partition, offset, range.Start, hasRecord ? first.TimestampMs : null, known.Former.GetValueOrDefault(partition));
            }),
        ];
    }

    /// <summary>Which events would be in neither generation, or which windows for ever half full; null when there are none.</summary>
    private string? Problem(IReadOnlyList<PartitionStart> starts, long? coversFromMs)
    {
        if (coversFromMs is not { } covers)
        {
            return null;
        }

        if (starts.FirstOrDefault(start => start.Offset > 0 && (start.Former?.NextOffset ?? 0) < start.Offset) is { } behind)
        {
            return $"The active generation has read partition {behind.Partition} up to offset {behind.Former?.NextOffset ?? 0}; a replay from offset {behind.Offset} on would pass over what lies between.";
        }

        var closedAt = Coverage.ClosedAtMs(covers, pipeline.Windows);
        var slowest = starts.Where(start => start.Offset > 0 || start.Former is not null).MinBy(start => start.Former?.WatermarkMs ?? long.MinValue);
        if (slowest is null || slowest.Former?.WatermarkMs >= closedAt)
        {
            return null;
        }

        var latest = slowest.Former?.WatermarkMs is { } watermark
            ? Text(watermark - (closedAt - covers) - WindowPlan.Ms(pipeline.Windows.FutureBound) - 1) : "not known before that";
        return $"Windows before {Text(covers)}, where this replay's windows begin to be whole, are still open in the active generation (partition {slowest.Partition} is at watermark "
            + $"{(slowest.Former?.WatermarkMs is { } at ? Text(at) : "none")}); they would stay half full. The latest instant to replay from is {latest}.";
    }

    private static string? Incomplete(long? coversFromMs) =>
        coversFromMs is { } covers ? $"Windows that start before {Text(covers)} cannot be computed again from what is retained; they stay as they are." : null;

    private static string Text(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
