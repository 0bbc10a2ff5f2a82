using System.Globalization;
using Npgsql;
using Streaming.Contracts.Pipelines;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Tests.Pipelines;

/// <summary>Writes what an Aggregator would of a pipeline of any kind: its definition, checkpoints with their rows, tombstones, alerts.</summary>
internal sealed class SeededPipeline(string connectionString, string name = "by-country") : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    public Task DefineAsync(PipelineDescription description) => DefineAsync(description.ToJson());

    public async Task DefineAsync(string definition, int generation = 1, string state = "active", DateTimeOffset? coversFrom = null)
    {
        await RunAsync("INSERT INTO pipelines (name, generation, is_paused, created_at) VALUES ($1, $2, false, now()) ON CONFLICT (name) DO UPDATE SET generation = $2", name, generation);
        await RunAsync($"""
            INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, covers_from, created_at, activated_at)
            VALUES ($1, $2, 'f', $3::jsonb, $4, {(coversFrom is { } c ? $"'{c.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}'::timestamptz" : "null")}, now(), now())
            """, name, generation, definition, state);
    }

    /// <summary>One checkpoint of one partition with its notification. Returns its version.</summary>
    public async Task<long> CheckpointAsync(int partition, DateTimeOffset watermark, IReadOnlyList<StoredRow> rows, IReadOnlyList<StoredRow>? removed = null, string window = "1m", int generation = 1, Guid? topic = null)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var version = (long)(await Command(connection, """
            INSERT INTO checkpoints (pipeline, generation, topic_id, partition, topic, version, next_offset, watermark, outbox_seq, events, late, rejected, filtered, unknown_keys, end_offset, owner, updated_at)
            VALUES ($1, $2, $3, $4, 'sales', 1, 10, $5, 0, 10, 0, 0, 0, 0, 10, 'test', now())
            ON CONFLICT (pipeline, generation, topic_id, partition) DO UPDATE SET version = checkpoints.version + 1, watermark = $5, updated_at = now() RETURNING version
            """, name, generation, topic ?? Samples.Topic, partition, watermark.UtcDateTime).ExecuteScalarAsync())!;
        foreach (var row in removed ?? [])
        {
            await Command(connection, "DELETE FROM window_results WHERE pipeline = $1 AND window_name = $2 AND partition = $3 AND window_start = $4 AND group_key = $5", name, window, partition, row.Window.Start.UtcDateTime, row.Id.Key).ExecuteNonQueryAsync();
            await Command(connection, """
                INSERT INTO window_tombstones (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, version, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now())
                """, name, generation, Samples.Topic, partition, window, row.Id.IsPane, row.Window.Start.UtcDateTime, row.Window.End.UtcDateTime, row.Id.Key, version).ExecuteNonQueryAsync();
        }

        foreach (var row in rows)
        {
            await Command(connection, """
                INSERT INTO window_results (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version, state)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15, $16)
                ON CONFLICT (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key)
                DO UPDATE SET count = $10, sum = $11, min = $12, max = $13, is_final = $14, version = $15, state = $16
                """, name, generation, Samples.Topic, partition, window, row.Id.IsPane, row.Window.Start.UtcDateTime, row.Window.End.UtcDateTime, row.Id.Key,
                row.Basic.Count, (decimal)row.Basic.Sum, row.Basic.Min, row.Basic.Max, row.IsFinal, version, row.StateBytes!).ExecuteNonQueryAsync();
        }

        await Command(connection, $"SELECT pg_notify('streaming_checkpoints', '{{\"pipeline\":\"{name}\"}}')").ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return version;
    }

    /// <summary>An alert that fires.</summary>
    public async Task AlertAsync(string rule, string key, string message)
    {
        await RunAsync("INSERT INTO alert_states (pipeline, generation, topic_id, partition, rule, group_key, is_firing, state, version) VALUES ($1, 1, $2, 0, $3, $4, true, '{}', 1)", name, Samples.Topic, rule, key);
        await RunAsync("""
            INSERT INTO alerts (pipeline, generation, topic_id, partition, rule, group_key, at, transition, severity, window_name, window_start, window_end, value, threshold, message, version, created_at)
            VALUES ($1, 1, $2, 0, $3, $4, now(), 'firing', 'critical', '1m', now(), now(), 7.5, 5, $5, 1, now())
            """, name, Samples.Topic, rule, key, message);
    }

    /// <summary>An alert begins to fire, or is resolved.</summary>
    public async Task TransitionAsync(string rule, string key, DateTimeOffset at, bool fires)
    {
        await RunAsync("""
            INSERT INTO alert_states (pipeline, generation, topic_id, partition, rule, group_key, is_firing, state, version) VALUES ($1, 1, $2, 0, $3, $4, $5, '{}', 1)
            ON CONFLICT (pipeline, generation, topic_id, partition, rule, group_key) DO UPDATE SET is_firing = $5
            """, name, Samples.Topic, rule, key, fires);
        await RunAsync("""
            INSERT INTO alerts (pipeline, generation, topic_id, partition, rule, group_key, at, transition, severity, window_name, window_start, window_end, value, threshold, message, version, created_at)
            VALUES ($1, 1, $2, 0, $3, $4, $5, $6, 'critical', '1m', $5::timestamptz - interval '1 minute', $5, 7.5, 5, 'it <b>happened</b>', 1, now())
            """, name, Samples.Topic, rule, key, at.UtcDateTime, fires ? "firing" : "resolved");
    }

    private async Task RunAsync(string sql, params object[] values)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await Command(connection, sql, values).ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
