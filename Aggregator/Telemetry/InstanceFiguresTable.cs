using System.Data.Common;
using Npgsql;
using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.Telemetry;

/// <summary>
/// Writes this process's figures to PostgreSQL every few seconds, where the Dashboard reads them: one statement for each generation that runs here, apart from checkpoints
/// and on a connection of its own. No result depends on it: while they cannot be written the rows grow old, and say so.
/// </summary>
internal sealed class InstanceFiguresTable(NpgsqlDataSource database, string instance, AggregatorTelemetry telemetry, TimeSpan interval, ILogger logger)
{
    private const string Upsert = """
        INSERT INTO instance_figures (pipeline, generation, instance, started_at, updated_at, partitions, stopped_partitions, is_paused, lag, open_windows, state_bytes,
          events, late, rejected, filtered, refused_partitions, refused_events, checkpoints, checkpoint_failures, connections_lost, event_to_commit, checkpoint_duration,
          closed_windows, alert_transitions)
        VALUES ($1, $2, $3, $4, now(), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
        ON CONFLICT (pipeline, generation, instance) DO UPDATE SET updated_at = now(), partitions = $5, stopped_partitions = $6, is_paused = $7, lag = $8, open_windows = $9,
          state_bytes = $10, events = $11, late = $12, rejected = $13, filtered = $14, refused_partitions = $15, refused_events = $16, checkpoints = $17,
          checkpoint_failures = $18, connections_lost = $19, event_to_commit = $20, checkpoint_duration = $21,
          closed_windows = $22, alert_transitions = $23
        """;

    /// <summary>In one transaction with the rows that are written: those of this process that were not, because it no longer runs them.</summary>
    private const string NoLongerRun = "DELETE FROM instance_figures WHERE instance = $1 AND updated_at < now()";

    /// <summary>Rows of processes that ended without taking theirs along; readers have stopped showing them long before.</summary>
    private const string Gone = "DELETE FROM instance_figures WHERE updated_at < now() - interval '10 minutes'";

    private const string Own = "DELETE FROM instance_figures WHERE instance = $1";

    private const int WritesBetweenCleanings = 60;
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(2);

    /// <summary>Writes until it is cancelled, then takes the rows away.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var backoff = new Backoff();
        try
        {
            for (var writes = 0; ; writes++)
            {
                var isWritten = await TryAsync(token => WriteAsync(writes % WritesBetweenCleanings == 0, token), backoff, stopping);
                await (isWritten ? Task.Delay(interval, stopping) : backoff.WaitAsync(stopping));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await LeaveAsync();
        }
    }

    /// <summary>Writes the figures as they are now.</summary>
    internal async Task WriteAsync(bool cleans, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var ((pipeline, generation), figures) in telemetry.Figures)
        {
            batch.BatchCommands.Add(Row(pipeline, generation, figures));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(NoLongerRun) { Parameters = { new() { Value = instance } } });
        if (cleans)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Gone));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlBatchCommand Row(string pipeline, int generation, GenerationFigures figures)
    {
        var command = new NpgsqlBatchCommand(Upsert);
        var (counts, gauges) = (figures.Counts, figures.Gauges);
        object?[] values =
        [
            pipeline, generation, instance, figures.StartedAt.UtcDateTime, gauges?.Partitions ?? 0, gauges?.StoppedPartitions ?? 0, gauges?.IsPaused ?? false, gauges?.Lag,
            gauges?.OpenWindows ?? 0, gauges?.StateBytes ?? 0L, counts.Events, counts.Late, counts.Rejected, counts.Filtered, counts.RefusedPartitions, counts.RefusedEvents,
            counts.Checkpoints, counts.CheckpointFailures, counts.ConnectionsLost, figures.EventToCommit.Encode(), figures.CheckpointDurations.Encode(),
            counts.Closed, counts.Transitions,
        ];
        foreach (var value in values)
        {
            command.Parameters.Add(value is null ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint } : new() { Value = value });
        }

        return command;
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> write, Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            await write(cancellationToken);
            backoff.Reset();
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is DbException or TimeoutException or IOException)
        {
            // Also what will not pass by itself: a table that somebody has changed is no reason for events not to be counted.
            if (backoff.Fail())
            {
                AggregatorLog.FiguresFail(logger, backoff.Attempts, e.Message);
            }

            return false;
        }
    }

    /// <summary>Once, with a limit of its own: what stays grows old.</summary>
    private async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(LeaveLimit);
        try
        {
            await using var command = database.CreateCommand(Own);
            command.Parameters.AddWithValue(instance);
            await command.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or DbException or TimeoutException or IOException)
        {
            AggregatorLog.FiguresFail(logger, 1, e.Message);
        }
    }
}
