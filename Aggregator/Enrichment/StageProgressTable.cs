using System.Data.Common;
using Npgsql;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// Tells readers how fast a stage is: writes its counts about once a second, also when nothing moves, so that an old row says that nobody is there. No result
/// depends on it (idle marks ask the broker): while they cannot be written the rows are late.
/// </summary>
internal sealed class StageProgressTable(NpgsqlDataSource database, string pipeline, string instance, ILogger logger)
{
    private const string Upsert = """
        INSERT INTO stage_progress (pipeline, instance, started_at, taken, published, filtered, rejected, unknown, updated_at)
        VALUES ($1, $2, now(), $3, $4, $5, $6, $7, now())
        ON CONFLICT (pipeline, instance) DO UPDATE SET taken = $3, published = $4, filtered = $5, rejected = $6, unknown = $7, updated_at = now()
        """;

    /// <summary>Rows of instances that are gone; a reader has called them stale for long.</summary>
    private const string Old = "DELETE FROM stage_progress WHERE pipeline = $1 AND updated_at < now() - interval '10 minutes'";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int WritesBetweenCleanings = 60;

    private readonly Lock _lock = new();
    private StageCounts _counts;

    /// <summary>Adds what one more transaction has done. Any thread.</summary>
    public void Add(StageCounts counts)
    {
        lock (_lock)
        {
            _counts += counts;
        }
    }

    /// <summary>Writes until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var backoff = new Backoff();
        try
        {
            for (var writes = 0; ; writes++)
            {
                var isWritten = await TryWriteAsync(writes % WritesBetweenCleanings == 0, backoff, stopping);
                await (isWritten ? Task.Delay(Interval, stopping) : backoff.WaitAsync(stopping));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task<bool> TryWriteAsync(bool cleans, Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(cancellationToken);
            if (cleans)
            {
                await using var delete = database.CreateCommand(Old);
                delete.Parameters.AddWithValue(pipeline);
                await delete.ExecuteNonQueryAsync(cancellationToken);
            }

            backoff.Reset();
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is DbException or TimeoutException or IOException)
        {
            // Also what will not pass by itself: a table that somebody has changed is no reason for events not to be published.
            if (backoff.Fail())
            {
                AggregatorLog.StageProgressFails(logger, pipeline, backoff.Attempts, e.Message);
            }

            return false;
        }
    }

    /// <summary>Writes the counts as they are now.</summary>
    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        StageCounts counts;
        lock (_lock)
        {
            counts = _counts;
        }

        await using var command = database.CreateCommand(Upsert);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(instance);
        foreach (var count in new[] { counts.Taken, counts.Published, counts.Filtered, counts.Rejected, counts.Unknown })
        {
            command.Parameters.AddWithValue(count);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
