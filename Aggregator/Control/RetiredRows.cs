using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Control;

/// <summary>
/// Deletes what generations have left that were replaced or given up, some time afterwards and in small portions: all windows, and alerts of them, that readers no longer take from
/// them. Their checkpoint rows stay, because they count the outbox rows, and so do idle marks that the next generation has not yet repeated.
/// </summary>
internal sealed class RetiredRows(NpgsqlDataSource database, string pipeline, TimeSpan grace, ILogger logger)
{
    private const int Portion = 5000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // What each generation still shows: docs/semantics.md, "Which generation shows a window". One that was never active shows nothing.
    private const string Find = """
        WITH shown AS (
            SELECT generation, coalesce(covers_from, '-infinity') AS shown_from,
                   coalesce(min(coalesce(covers_from, '-infinity')) OVER (ORDER BY generation DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 'infinity') AS shown_until
            FROM pipeline_generations WHERE pipeline = $1 AND activated_at IS NOT NULL)
        SELECT g.generation, coalesce(s.shown_from, 'infinity'), coalesce(s.shown_until, '-infinity')
        FROM pipeline_generations g LEFT JOIN shown s USING (generation)
        WHERE g.pipeline = $1 AND g.state = 'retired' AND g.retired_at < now() - $2
        """;

    private const string Windows = """
        DELETE FROM window_results WHERE ctid IN (
            SELECT ctid FROM window_results WHERE pipeline = $1 AND generation = $2 AND (window_start < $4 OR window_start >= $5) LIMIT $3)
        """;

    private const string Tombstones = "DELETE FROM window_tombstones WHERE ctid IN (SELECT ctid FROM window_tombstones WHERE pipeline = $1 AND generation = $2 LIMIT $3)";

    private const string AlertStates = "DELETE FROM alert_states WHERE ctid IN (SELECT ctid FROM alert_states WHERE pipeline = $1 AND generation = $2 LIMIT $3)";

    private const string Alerts = """
        DELETE FROM alerts WHERE ctid IN (
            SELECT ctid FROM alerts WHERE pipeline = $1 AND generation = $2 AND (window_start < $4 OR window_start >= $5) LIMIT $3)
        """;

    private const string Marks = """
        DELETE FROM idle_marks m WHERE m.pipeline = $1 AND m.generation = $2 AND EXISTS (
            SELECT 1 FROM checkpoints f JOIN checkpoints n USING (pipeline, topic_id, partition)
            JOIN pipelines p ON p.name = f.pipeline AND n.generation = p.generation
            WHERE f.pipeline = m.pipeline AND f.generation = m.generation AND f.topic_id = m.topic_id AND f.partition = m.partition AND n.next_offset > f.next_offset)
        """;

    private readonly HashSet<(int, DateTime, DateTime)> _done = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var interval = grace < TimeSpan.FromMinutes(1) ? grace + TimeSpan.FromMilliseconds(100) : TimeSpan.FromMinutes(1);
        try
        {
            while (true)
            {
                await DeleteAsync(cancellationToken);
                await Task.Delay(interval, cancellationToken);
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
            foreach (var retired in await FindAsync(cancellationToken))
            {
                await ExecuteAsync(Marks, cancellationToken, retired.Generation);
                if (!_done.Contains(retired))
                {
                    var deleted = await DeleteAllAsync(retired, cancellationToken);
                    AggregatorLog.RetiredDeleted(logger, deleted, pipeline, retired.Generation);
                    _done.Add(retired);
                }
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
        {
            AggregatorLog.DeletionFails(logger, e.Message);
        }
    }

    private async Task<List<(int Generation, DateTime From, DateTime Until)>> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Find);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(grace);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(int, DateTime, DateTime)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetInt32(0), Utc(reader.GetDateTime(1)), Utc(reader.GetDateTime(2))));
        }

        return found;
    }

    private async Task<long> DeleteAllAsync((int Generation, DateTime From, DateTime Until) retired, CancellationToken cancellationToken)
    {
        long deleted = 0;
        foreach (var byWindow in new[] { Windows, Alerts })
        {
            deleted += await DeleteAllAsync(byWindow, cancellationToken, retired.Generation, Portion, retired.From, retired.Until);
        }

        foreach (var whole in new[] { Tombstones, AlertStates })
        {
            deleted += await DeleteAllAsync(whole, cancellationToken, retired.Generation, Portion);
        }

        return deleted;
    }

    private async Task<long> DeleteAllAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        long deleted = 0;
        for (var some = Portion; some > 0; deleted += some)
        {
            some = await ExecuteAsync(sql, cancellationToken, values);
            // Readers and checkpoints come first.
            await Task.Delay(some > 0 ? Pause : TimeSpan.Zero, cancellationToken);
        }

        return deleted;
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(pipeline);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Infinity comes as the least and the largest instant, of no kind.
    private static DateTime Utc(DateTime instant) => DateTime.SpecifyKind(instant, DateTimeKind.Utc);
}
