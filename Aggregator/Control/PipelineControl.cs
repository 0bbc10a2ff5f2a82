using System.Data.Common;
using Confluent.Kafka;
using Npgsql;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Control;

/// <summary>What an administrator can ask for and do. All of it is rows, so it does not matter which instance answers.</summary>
internal sealed class PipelineControl(
    IReadOnlyList<PipelineDefinition> pipelines, NpgsqlDataSource database, SourceLog log, TimeProvider time, ILogger<PipelineControl> logger)
{
    private readonly ControlStore _rows = new(database);
    private readonly ReplayStore _replays = new(database);
    private readonly ReportStore _reports = new(database);

    public PipelineDefinition? Find(string name) => pipelines.FirstOrDefault(pipeline => pipeline.Name == name);

    /// <summary>Every pipeline of this process.</summary>
    /// <exception cref="DbException">PostgreSQL is away.</exception>
    public async Task<IReadOnlyList<PipelineReport>> ReportAsync(CancellationToken cancellationToken)
    {
        var reports = new List<PipelineReport>();
        foreach (var pipeline in pipelines)
        {
            if (await _rows.ReadAsync(pipeline.Name, cancellationToken) is { } rows)
            {
                reports.Add(await ReportAsync(pipeline, rows, cancellationToken));
            }
        }

        return reports;
    }

    public async Task<ActionReport> SetPausedAsync(PipelineDefinition pipeline, bool isPaused, string who, CancellationToken cancellationToken)
    {
        var action = isPaused ? "pause" : "resume";
        var rows = await RequireRowsAsync(pipeline, cancellationToken);
        var changed = await _rows.SetPausedAsync(pipeline.Name, isPaused, cancellationToken);
        AggregatorLog.ControlAction(logger, who, action, pipeline.Name, changed ? "done" : "it was so already");
        return new ActionReport(pipeline.Name, action, changed, rows.ActiveNumber);
    }

    /// <exception cref="ControlRefusedException">Another replay is under way, or this one would lose events.</exception>
    public async Task<ActionReport> ReplayAsync(PipelineDefinition pipeline, DateTimeOffset? from, string who, CancellationToken cancellationToken)
    {
        var rows = await RequireRowsAsync(pipeline, cancellationToken);
        if (rows.Building is { } building)
        {
            throw new ControlRefusedException($"Generation {building.Number} of '{pipeline.Name}' is being built already; cancel that replay first.");
        }

        var plan = await new ReplayPlanner(pipeline, log, _replays, time).PlanAsync(rows, from, cancellationToken);
        var generation = await _replays.BeginAsync(pipeline, plan, cancellationToken);
        AggregatorLog.ControlAction(logger, who, "replay", pipeline.Name, $"generation {generation} from {from?.ToString("O") ?? "the earliest record"}. {plan.Warning}");
        var warning = rows.IsPaused ? $"The pipeline is paused; the replay begins when it is resumed. {plan.Warning}".TrimEnd() : plan.Warning;
        return new ActionReport(pipeline.Name, "replay", true, generation, plan.CoversFrom, Warning: warning);
    }

    /// <exception cref="ControlRefusedException">There is no replay.</exception>
    public async Task<ActionReport> CancelReplayAsync(PipelineDefinition pipeline, string who, CancellationToken cancellationToken)
    {
        var generation = await _replays.CancelAsync(pipeline.Name, cancellationToken);
        AggregatorLog.ControlAction(logger, who, "cancel-replay", pipeline.Name, $"generation {generation} is given up");
        return new ActionReport(pipeline.Name, "cancel-replay", true, generation);
    }

    /// <exception cref="ControlRefusedException">The partition is not at a gap, or the log does not hold the offset.</exception>
    public async Task<ActionReport> AcceptGapAsync(
        PipelineDefinition pipeline, int partition, int? generation, long? nextOffset, string who, CancellationToken cancellationToken)
    {
        var number = generation ?? (await RequireRowsAsync(pipeline, cancellationToken)).ActiveNumber;
        var topic = await log.FindAsync(pipeline.Source.Name, cancellationToken) ?? throw new ControlRefusedException($"There is no topic '{pipeline.Source.Name}'.");
        var ranges = await log.RangesAsync(pipeline.Source.Name, topic.Partitions, cancellationToken);
        var reports = await _reports.PartitionsAsync(pipeline.Name, number, topic.Id, ranges, cancellationToken);
        if (reports.FirstOrDefault(report => report.Partition == partition) is not { IsStoppedAtGap: true } stopped)
        {
            throw new ControlRefusedException($"Partition {partition} of '{pipeline.Name}', generation {number}, has not stopped at a gap.");
        }

        var range = ranges[partition];
        var to = nextOffset ?? range.Start;
        if (to < range.Start || to > range.End)
        {
            throw new ControlRefusedException($"The log of partition {partition} holds {range.Start} to {range.End}, not {to}.");
        }

        var changed = await _reports.MoveAsync(pipeline.Name, number, topic.Id, partition, stopped.NextOffset, to, cancellationToken);
        AggregatorLog.ControlAction(logger, who, "accept-gap", pipeline.Name, $"partition {partition}, generation {number}: from {stopped.NextOffset} to {to}");
        return new ActionReport(pipeline.Name, "accept-gap", changed, number, NextOffset: to);
    }

    private async Task<ControlRows> RequireRowsAsync(PipelineDefinition pipeline, CancellationToken cancellationToken) =>
        await _rows.ReadAsync(pipeline.Name, cancellationToken) ?? throw new ControlRefusedException($"'{pipeline.Name}' is still starting.");

    private async Task<PipelineReport> ReportAsync(PipelineDefinition pipeline, ControlRows rows, CancellationToken cancellationToken)
    {
        var (topicId, ranges) = await LogAsync(pipeline, cancellationToken);
        var plan = ControlPlan.Of(rows, pipeline.Fingerprint);
        var state = rows.IsPaused ? "paused"
            : plan.Trouble == ControlPlan.Changed ? "changed"
            : plan.Trouble is not null ? "waiting"
            : rows.Building is not null ? "replaying" : "running";
        var replay = rows.Building is { } building
            ? Replay(building, await _reports.PartitionsAsync(pipeline.Name, building.Number, topicId, ranges, cancellationToken)) : null;
        var partitions = await _reports.PartitionsAsync(pipeline.Name, rows.ActiveNumber, topicId, ranges, cancellationToken);
        return new PipelineReport(
            pipeline.Name, pipeline.Title, state, rows.ActiveNumber, rows.IsPaused, rows.Active.Fingerprint == pipeline.Fingerprint, pipeline.Fingerprint, plan.Trouble,
            rows.Generations, replay, topicId is null ? [] : partitions);
    }

    /// <summary>What the broker says; nothing while it is away: the rows are worth showing without.</summary>
    private async Task<(Guid? TopicId, IReadOnlyDictionary<int, LogRange>? Ranges)> LogAsync(PipelineDefinition pipeline, CancellationToken cancellationToken)
    {
        try
        {
            return await log.FindAsync(pipeline.Source.Name, cancellationToken) is { } topic
                ? (topic.Id, await log.RangesAsync(pipeline.Source.Name, topic.Partitions, cancellationToken))
                : (null, null);
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            return (null, null);
        }
    }

    private static ReplayReport Replay(GenerationRow building, IReadOnlyList<PartitionReport> partitions)
    {
        var read = partitions.Sum(partition => partition.RecordsRead);
        var remaining = partitions.Sum(partition => Math.Max(0, partition.KnownEnd - partition.NextOffset));
        var percent = read + remaining == 0 ? 100 : Math.Round(100.0 * read / (read + remaining), 1);
        return new ReplayReport(building.Number, building.ReplayFrom, building.CoversFrom, read, remaining, percent, partitions);
    }
}
