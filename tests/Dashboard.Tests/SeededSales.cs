using Npgsql;
using NpgsqlTypes;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Tests;

/// <summary>Writes what an Aggregator would: checkpoints with their windows, and the notification.</summary>
internal sealed class SeededSales(string connectionString, int generation = 1) : IAsyncDisposable
{
    // Without pooling: a test may restart the server, and a pooled connection would not have noticed.
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>Registers the pipeline, or makes this generation the active one.</summary>
    /// <param name="coversFrom">Windows that start earlier are not whole in it; null: all are.</param>
    public async Task PipelineAsync(DateTimeOffset? coversFrom = null)
    {
        await RunAsync(
            "INSERT INTO pipelines (name, generation, is_paused, created_at) VALUES ('sales-by-store', $1, false, now()) ON CONFLICT (name) DO UPDATE SET generation = $1",
            generation);
        await RunAsync("""
            INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, covers_from, created_at, activated_at)
            VALUES ('sales-by-store', $1, 'f', '{}', 'active', $2, now(), now()) ON CONFLICT (pipeline, generation) DO NOTHING
            """, generation, coversFrom?.UtcDateTime);
    }

    public Task StoreAsync(string id, string name, string city = "Zürich", string currency = "CHF") => RunAsync(
        "INSERT INTO stores (store_id, name, city, country, latitude, longitude, currency, updated_at) VALUES ($1, $2, $3, 'CH', 0, 0, $4, now())",
        id, name, city, currency);

    /// <summary>One checkpoint of one partition, in one transaction, with or without its notification. Returns its version.</summary>
    public async Task<long> CheckpointAsync(int partition, IEnumerable<SalesWindow> windows, bool notify = true, DateTimeOffset? watermark = null, string kind = "1m", bool isPane = false)
    {
        var rows = windows.ToList();
        // As the Aggregator does: after an event there is a watermark. Without one the feed would go by the clock, and these samples lie in the past.
        watermark ??= rows.Count == 0 ? null : rows.Max(w => w.Start);
        await using var connection = await _database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var version = (long)(await Command(connection, """
            INSERT INTO checkpoints (pipeline, generation, topic_id, partition, topic, version, next_offset, watermark, outbox_seq, events, late, rejected, unknown_keys, end_offset, owner, updated_at)
            VALUES ('sales-by-store', $1, $2, $3, 'sales', 1, $4, $5, 0, $4, 0, 0, 0, $4, 'test', now())
            ON CONFLICT (pipeline, generation, topic_id, partition) DO UPDATE SET version = checkpoints.version + 1, next_offset = checkpoints.next_offset + $4,
              end_offset = checkpoints.next_offset + $4, watermark = coalesce($5, checkpoints.watermark), events = checkpoints.events + $4, updated_at = now()
            RETURNING version
            """, generation, Samples.Topic, partition, rows.Sum(w => w.Count), watermark?.UtcDateTime).ExecuteScalarAsync())!;
        foreach (var w in rows)
        {
            await Command(connection, """
                INSERT INTO window_results (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version)
                VALUES ('sales-by-store', $1, $2, $3, $14, $15, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                ON CONFLICT (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key)
                DO UPDATE SET count = $7, sum = $8, min = $9, max = $10, late = $11, is_final = $12, version = $13
                """, generation, w.Source.TopicId, partition, w.Start.UtcDateTime, w.End.UtcDateTime, w.StoreId, w.Count, w.Sum, w.Min, w.Max, w.Late, w.IsFinal, version, kind, isPane)
                .ExecuteNonQueryAsync();
        }

        if (notify)
        {
            await Command(connection, "SELECT pg_notify('streaming_checkpoints', '{\"pipeline\":\"sales-by-store\",\"topicId\":\"x\",\"partitions\":[0]}')").ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return version;
    }

    private async Task RunAsync(string sql, params object?[] values)
    {
        await using var connection = await _database.OpenConnectionAsync();
        await Command(connection, sql, values).ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
