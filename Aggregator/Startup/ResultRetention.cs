using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Deletes final windows and transitions of alerts older than the retention, and tombstones older than an hour, once an hour, in small portions, so that the disk does not fill; and idle
/// marks, but none whose records the source topic may still hold: a replay needs them.
/// </summary>
internal sealed class ResultRetention(NpgsqlDataSource database, PipelineDefinition pipeline, TimeSpan retention, ILogger logger)
{
    private const string Windows = """
        DELETE FROM window_results WHERE ctid IN (
            SELECT ctid FROM window_results WHERE pipeline = $1 AND window_start < now() - $2 AND is_final LIMIT 10000)
        """;

    // Readers that were away for longer load everything anew.
    private const string Tombstones = """
        DELETE FROM window_tombstones WHERE ctid IN (SELECT ctid FROM window_tombstones WHERE pipeline = $1 AND created_at < now() - $2 LIMIT 10000)
        """;

    private const string Alerts = "DELETE FROM alerts WHERE pipeline = $1 AND at < now() - $2";

    private const string Marks = "DELETE FROM idle_marks WHERE pipeline = $1 AND watermark < now() - $2";

    /// <summary>What is assumed of a source topic that is somebody else's: marks are small.</summary>
    private static readonly TimeSpan UnknownRetention = TimeSpan.FromDays(365);

    private static readonly TimeSpan TombstonesKept = TimeSpan.FromHours(1);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await DeleteAsync(cancellationToken);
                await Task.Delay(Interval, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var deleted = await DeleteAsync(Windows, retention, cancellationToken);
            await DeleteAsync(Tombstones, TombstonesKept, cancellationToken);
            await ExecuteAsync(Alerts, retention, cancellationToken);
            await ExecuteAsync(Marks, retention + (pipeline.Source.Declaration?.Retention ?? UnknownRetention), cancellationToken);
            if (deleted > 0)
            {
                AggregatorLog.WindowsDeleted(logger, deleted, retention.TotalDays);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
        {
            AggregatorLog.DeletionFails(logger, e.Message);
        }
    }

    private async Task<long> DeleteAsync(string portion, TimeSpan age, CancellationToken cancellationToken)
    {
        long deleted = 0;
        for (var some = -1; some != 0; deleted += Math.Max(0, some))
        {
            some = await ExecuteAsync(portion, age, cancellationToken);
        }

        return deleted;
    }

    private async Task<int> ExecuteAsync(string sql, TimeSpan age, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(pipeline.Name);
        command.Parameters.AddWithValue(age);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
