using System.Data;
using Npgsql;
using Streaming.Tests.Oracle;

namespace Streaming.EndToEnd.Tests.App;

/// <summary>A minute of a country as the table <c>window_results</c> has it, merged over all partitions.</summary>
internal readonly record struct CountryMinute(DateTimeOffset Start, string Country, long Count, decimal Sum, long Late);

/// <summary>An enriched sale as the table <c>events</c> has it, or the topic.</summary>
internal readonly record struct KeptSale(int Partition, long Offset, long TimeMs, string Country, long Amount);

/// <summary>What the pipeline <c>sales-by-country</c> has committed, all of one moment.</summary>
internal sealed record CountryTables(IReadOnlyList<CountryMinute> Minutes, IReadOnlyList<KeptSale> Events, IReadOnlyList<Mark> Marks, IReadOnlyDictionary<int, long> NextOffsets)
{
    public static async Task<CountryTables> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var minutes = await ReadAsync(connection, """
            SELECT window_start, group_key, sum(count)::bigint, sum(sum), sum(late)::bigint FROM window_results
            WHERE pipeline = 'sales-by-country' AND window_name = '1m' AND NOT is_pane GROUP BY 1, 2
            """, r => new CountryMinute(r.GetFieldValue<DateTimeOffset>(0), r.GetString(1), r.GetInt64(2), r.GetDecimal(3), r.GetInt64(4)), cancellationToken);
        var events = await ReadAsync(connection, """
            SELECT partition, "offset", event_time, group_key, "values"[1] FROM events WHERE pipeline = 'sales-by-country'
            """, r => new KeptSale(r.GetInt32(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds(), r.GetString(3), r.GetInt64(4)), cancellationToken);
        var marks = await ReadAsync(
            connection, "SELECT partition, next_offset, watermark FROM idle_marks WHERE pipeline = 'sales-by-country'",
            r => new Mark(r.GetInt32(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds()), cancellationToken);
        var offsets = await ReadAsync(connection, "SELECT partition, next_offset FROM checkpoints WHERE pipeline = 'sales-by-country'", r => (Partition: r.GetInt32(0), Next: r.GetInt64(1)), cancellationToken);
        return new CountryTables(minutes, events, marks, offsets.ToDictionary(o => o.Partition, o => o.Next));
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken)
    {
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
