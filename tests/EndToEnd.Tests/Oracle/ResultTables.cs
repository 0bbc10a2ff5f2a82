using Npgsql;

namespace Streaming.EndToEnd.Tests.Oracle;

/// <summary>Reads what the Aggregator has committed.</summary>
internal sealed class ResultTables(string connectionString)
{
    public async Task<IReadOnlyList<WindowTotals>> WindowsAsync(CancellationToken cancellationToken) => await ReadAsync(
        "SELECT partition, window_start, group_key, count, sum, min, max FROM window_results WHERE pipeline = 'sales-by-store'",
        r => new WindowTotals(r.GetInt32(0), r.GetFieldValue<DateTimeOffset>(1), r.GetString(2), r.GetInt64(3), r.GetDecimal(4), r.GetInt64(5), r.GetInt64(6)),
        cancellationToken);

    public async Task<IReadOnlyList<Mark>> MarksAsync(CancellationToken cancellationToken) => await ReadAsync(
        "SELECT partition, next_offset, watermark FROM idle_marks WHERE pipeline = 'sales-by-store'",
        r => new Mark(r.GetInt32(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds()),
        cancellationToken);

    /// <summary>Next offset to read, and the counters, per partition.</summary>
    public async Task<IReadOnlyList<(int Partition, long NextOffset, long Accepted, long Late, long Rejected)>> CheckpointsAsync(CancellationToken cancellationToken) => await ReadAsync(
        "SELECT partition, next_offset, events, late, rejected FROM checkpoints WHERE pipeline = 'sales-by-store'",
        r => (r.GetInt32(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)),
        cancellationToken);

    public async Task<long> OutboxDepthAsync(CancellationToken cancellationToken) =>
        (await ReadAsync("SELECT count(*) FROM outbox", r => r.GetInt64(0), cancellationToken)).Single();

    private async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
