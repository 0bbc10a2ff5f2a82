using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Streaming.Aggregator.Outbox;

/// <summary>Reads a pipeline's outbox and removes what has left. Every statement that removes checks the lease: a former holder removes nothing.</summary>
internal sealed class OutboxStore(NpgsqlDataSource database, string pipeline, string holder)
{
    private const string Read = """
        SELECT generation, topic_id, partition, seq, topic, key, value, headers FROM outbox
        WHERE pipeline = $1 ORDER BY generation, topic_id, partition, seq LIMIT $2
        """;

    private const string LeaseIsHeld = "EXISTS (SELECT 1 FROM relay_leases WHERE pipeline = $1 AND holder = $2 AND expires_at > now())";

    private const string Delete = $"""
        DELETE FROM outbox AS o USING unnest($3, $4, $5, $6) AS d (generation, topic_id, partition, seq)
        WHERE o.pipeline = $1 AND o.generation = d.generation AND o.topic_id = d.topic_id AND o.partition = d.partition AND o.seq = d.seq AND {LeaseIsHeld}
        """;

    private const string Park = $"""
        WITH parked AS (
            DELETE FROM outbox WHERE pipeline = $1 AND generation = $3 AND topic_id = $4 AND partition = $5 AND seq = $6 AND {LeaseIsHeld} RETURNING *)
        INSERT INTO parked_outbox (pipeline, generation, topic_id, partition, seq, topic, key, value, headers, value_hash, error, parked_at)
        SELECT pipeline, generation, topic_id, partition, seq, topic, key, value, headers, $7, $8, now() FROM parked
        """;

    /// <summary>The oldest rows of each input partition, in order, up to a number of rows and about a number of bytes (one row at least).</summary>
    public async Task<IReadOnlyList<RelayRow>> ReadAsync(int mostRows, long mostBytes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Read);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(mostRows);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<RelayRow>();
        for (long bytes = 0; bytes < mostBytes && await reader.ReadAsync(cancellationToken);)
        {
            var message = new OutboxMessage(reader.GetString(4), Bytes(reader, 5), Bytes(reader, 6), Bytes(reader, 7));
            rows.Add(new RelayRow(reader.GetInt32(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetInt64(3), message));
            bytes += message.Size;
        }

        return rows;
    }

    /// <summary>Removes rows that Kafka has acknowledged. Returns how many; fewer when the lease is another's now.</summary>
    public async Task<int> DeleteAsync(IReadOnlyList<RelayRow> rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Delete);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(holder);
        command.Parameters.Add(new() { Value = rows.Select(row => row.Generation).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = rows.Select(row => row.TopicId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = rows.Select(row => row.Partition).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = rows.Select(row => row.Seq).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Puts a row aside that the broker will never take, with its hash and what the broker said.</summary>
    public async Task ParkAsync(RelayRow row, string error, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Park);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(holder);
        command.Parameters.AddWithValue(row.Generation);
        command.Parameters.AddWithValue(row.TopicId);
        command.Parameters.AddWithValue(row.Partition);
        command.Parameters.AddWithValue(row.Seq);
        command.Parameters.AddWithValue(SHA256.HashData(row.Message.Value ?? []));
        command.Parameters.AddWithValue(error);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static byte[]? Bytes(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
