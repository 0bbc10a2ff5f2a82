using System.Data;
using Npgsql;

namespace Streaming.Tests.Oracle;

/// <summary>How far a partition has come: the offset to read next, the last number given to an outbox row, and what was counted.</summary>
internal readonly record struct Progress(int Partition, long NextOffset, long OutboxSeq, PartitionTotals Totals);

/// <summary>An alert that began to fire or was resolved.</summary>
internal readonly record struct AlertRow(int Partition, string Rule, string Key, DateTimeOffset At, string Transition, double? Value, double? Threshold);

/// <summary>What the database held at one moment.</summary>
internal sealed record ResultSnapshot(
    IReadOnlyList<WindowTotals> Windows, IReadOnlyList<Mark> Marks, IReadOnlyList<Progress> Progress, IReadOnlyList<AlertRow> Alerts, long OutboxRows, long ParkedRows);

/// <summary>Reads what the Aggregator has committed for one pipeline. All SQL of the tests that compare whole results stands here.</summary>
internal sealed class ResultTables(string connectionString, string pipeline = "sales-by-store")
{
    // Not pooled: the server may have been killed since, and with it every pooled connection.
    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "oracle" }.ConnectionString;

    /// <summary>Where it reads.</summary>
    public string ConnectionString => _connectionString;

    /// <summary>Everything, as of one moment.</summary>
    public async Task<ResultSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return new(
            await WindowsAsync(connection, cancellationToken),
            await MarksAsync(connection, cancellationToken),
            await ProgressAsync(connection, cancellationToken),
            await AlertsAsync(connection, cancellationToken),
            await CountAsync(connection, "outbox", cancellationToken),
            await CountAsync(connection, "parked_outbox", cancellationToken));
    }

    /// <summary>Next offset to read, and the counters, per partition.</summary>
    public async Task<IReadOnlyList<Progress>> ProgressAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return await ProgressAsync(connection, cancellationToken);
    }

    private Task<IReadOnlyList<WindowTotals>> WindowsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ReadAsync(
        connection,
        "SELECT partition, window_start, window_end, group_key, count, sum, min, max, late, is_final FROM window_results WHERE pipeline = $1",
        r => new WindowTotals(
            r.GetInt32(0), r.GetFieldValue<DateTimeOffset>(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3),
            r.GetInt64(4), r.GetDecimal(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8), r.GetBoolean(9)),
        cancellationToken);

    private Task<IReadOnlyList<Mark>> MarksAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ReadAsync(
        connection,
        "SELECT partition, next_offset, watermark FROM idle_marks WHERE pipeline = $1",
        r => new Mark(r.GetInt32(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds()),
        cancellationToken);

    private Task<IReadOnlyList<Progress>> ProgressAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ReadAsync(
        connection,
        "SELECT partition, next_offset, outbox_seq, events, late, rejected, watermark FROM checkpoints WHERE pipeline = $1 ORDER BY partition",
        r => new Progress(r.GetInt32(0), r.GetInt64(1), r.GetInt64(2), new PartitionTotals(
            r.GetInt32(0), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5),
            r.IsDBNull(6) ? null : r.GetFieldValue<DateTimeOffset>(6).ToUnixTimeMilliseconds())),
        cancellationToken);

    private Task<IReadOnlyList<AlertRow>> AlertsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ReadAsync(
        connection,
        "SELECT partition, rule, group_key, at, transition, value, threshold FROM alerts WHERE pipeline = $1",
        r => new AlertRow(
            r.GetInt32(0), r.GetString(1), r.GetString(2), r.GetFieldValue<DateTimeOffset>(3), r.GetString(4), r.IsDBNull(5) ? null : r.GetDouble(5), r.IsDBNull(6) ? null : r.GetDouble(6)),
        cancellationToken);

    private async Task<long> CountAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, $"SELECT count(*) FROM {table} WHERE pipeline = $1", r => r.GetInt64(0), cancellationToken)).Single();

    private async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = pipeline } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }
}
