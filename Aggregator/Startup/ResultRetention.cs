using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Deletes what has been kept long enough, every few minutes, in small portions, so that the disk does not fill: final windows, each kind after its own retention;
/// transitions of alerts; tombstones; and idle marks, but none whose records the source topic may still hold: a replay needs them.
/// </summary>
internal sealed class ResultRetention(NpgsqlDataSource database, PipelineDefinition pipeline, TimeSpan retention, ILogger logger)
{
    // A session may have begun long before it ended.
    private const string Windows = """
        DELETE FROM window_results WHERE ctid IN (
            SELECT ctid FROM window_results WHERE pipeline = $1 AND window_start < now() - $2 AND is_final AND NOT window_name = ANY ($3)
                AND (window_end < now() - $2 OR NOT window_name = ANY ($4)) LIMIT 10000)
        """;

    private const string WindowsOfKind = """
        DELETE FROM window_results WHERE ctid IN (
            SELECT ctid FROM window_results WHERE pipeline = $1 AND window_start < now() - $2 AND is_final AND window_name = $3
                AND (window_end < now() - $2 OR NOT window_name = ANY ($4)) LIMIT 10000)
        """;

    private const string WindowsOfPartition = """
        DELETE FROM window_results WHERE ctid IN (
            SELECT ctid FROM window_results
            WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND window_name = $5 AND NOT is_pane AND window_start < $6 AND is_final LIMIT 10000)
        """;

    private const string Watermarks = "SELECT generation, topic_id, partition, watermark, now() FROM checkpoints WHERE pipeline = $1 AND watermark IS NOT NULL";

    // Readers that were away for longer load everything anew.
    private const string Tombstones = """
        DELETE FROM window_tombstones WHERE ctid IN (SELECT ctid FROM window_tombstones WHERE pipeline = $1 AND created_at < now() - $2 LIMIT 10000)
        """;

    private const string Alerts = "DELETE FROM alerts WHERE pipeline = $1 AND at < now() - $2";

    private const string Marks = "DELETE FROM idle_marks WHERE pipeline = $1 AND watermark < now() - $2";

    /// <summary>What is assumed of a source topic that is somebody else's: marks are small.</summary>
    private static readonly TimeSpan UnknownRetention = TimeSpan.FromDays(365);

    private static readonly TimeSpan TombstonesKept = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly IReadOnlyList<RollUpLevel> _covered = [.. RollUp.Levels(pipeline.Windows.Windows, pipeline.Kept).Where(level => level.IsCovered)];

    private readonly string[] _sessions = [.. pipeline.Windows.Windows.OfType<SessionWindows>().Select(w => w.Name)];

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

    internal async Task DeleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DeleteWindowsAsync(cancellationToken);
            await DeleteAsync(Tombstones, cancellationToken, pipeline.Name, TombstonesKept);
            await ExecuteAsync(Alerts, cancellationToken, pipeline.Name, retention);
            await ExecuteAsync(Marks, cancellationToken, pipeline.Name, retention + (pipeline.Source.Declaration?.Retention ?? UnknownRetention));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
        {
            AggregatorLog.DeletionFails(logger, e.Message);
        }
    }

    private async Task DeleteWindowsAsync(CancellationToken cancellationToken)
    {
        var deleted = await DeleteAsync(Windows, cancellationToken, pipeline.Name, retention, pipeline.Kept.Keys.ToArray(), _sessions);
        Log(deleted, retention);
        foreach (var (window, kept) in pipeline.Kept.Where(kept => _covered.All(level => level.Windows.Name != kept.Key)))
        {
            Log(await DeleteAsync(WindowsOfKind, cancellationToken, pipeline.Name, kept, window, _sessions), kept);
        }

        if (_covered.Count > 0)
        {
            await DeleteCoveredAsync(cancellationToken);
        }
    }

    /// <summary>
    /// A row of a level goes when the coarser window over it is final in the same partition: then the checkpoint that made it final has counted every event of the row.
    /// </summary>
    private async Task DeleteCoveredAsync(CancellationToken cancellationToken)
    {
        foreach (var (generation, topicId, partition, watermark, now) in await WatermarksAsync(cancellationToken))
        {
            var closedEndMs = new DateTimeOffset(watermark - pipeline.Windows.Grace).ToUnixTimeMilliseconds();
            foreach (var level in _covered)
            {
                var before = DateTimeOffset.FromUnixTimeMilliseconds(level.DeletableBeforeMs(new DateTimeOffset(now).ToUnixTimeMilliseconds(), closedEndMs)).UtcDateTime;
                Log(await DeleteAsync(WindowsOfPartition, cancellationToken, pipeline.Name, generation, topicId, partition, level.Windows.Name, before), level.Kept);
            }
        }
    }

    private async Task<List<(int Generation, Guid TopicId, int Partition, DateTime Watermark, DateTime Now)>> WatermarksAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Watermarks);
        command.Parameters.AddWithValue(pipeline.Name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var watermarks = new List<(int, Guid, int, DateTime, DateTime)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            watermarks.Add((reader.GetInt32(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetDateTime(3), reader.GetDateTime(4)));
        }

        return watermarks;
    }

    private void Log(long deleted, TimeSpan kept)
    {
        if (deleted > 0)
        {
            AggregatorLog.WindowsDeleted(logger, deleted, kept.TotalDays);
        }
    }

    private async Task<long> DeleteAsync(string portion, CancellationToken cancellationToken, params object[] values)
    {
        long deleted = 0;
        for (var some = -1; some != 0; deleted += Math.Max(0, some))
        {
            some = await ExecuteAsync(portion, cancellationToken, values);
        }

        return deleted;
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
