using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Streaming.Aggregator.Outbox;

/// <summary>Rows as they were read.</summary>
/// <param name="Rows">In order of partition and number.</param>
/// <param name="IsCut">There may be more of them.</param>
internal sealed record OutboxRows(IReadOnlyList<RelayRow> Rows, bool IsCut);

/// <summary>A pipeline's outbox as its relay sees it.</summary>
internal sealed class OutboxStore(NpgsqlDataSource database, string pipeline)
{
    // The bytes of parked rows stay where they are: such a row is only passed.
    private const string Read = """
        SELECT o.generation, o.topic_id, o.partition, o.seq, o.topic, o.key, o.value, o.headers, p.seq IS NOT NULL
        FROM outbox o LEFT JOIN parked_outbox p USING (pipeline, generation, topic_id, partition, seq)
        WHERE o.pipeline = $1 AND (o.generation, o.topic_id, o.partition) > ($2, $3, $4)
        ORDER BY o.generation, o.topic_id, o.partition, o.seq LIMIT $5
        """;

    private const string Delete = """
        DELETE FROM outbox AS o USING unnest($2, $3, $4, $5) AS d (generation, topic_id, partition, seq)
        WHERE o.pipeline = $1 AND o.generation = d.generation AND o.topic_id = d.topic_id AND o.partition = d.partition AND o.seq <= d.seq
        """;

    private const string Park = $"""
        INSERT INTO parked_outbox (pipeline, generation, topic_id, partition, seq, topic, key, value, headers, value_hash, error, parked_at)
        SELECT pipeline, generation, topic_id, partition, seq, topic, key, value, headers, $7, $8, now() FROM outbox
        WHERE pipeline = $1 AND generation = $3 AND topic_id = $4 AND partition = $5 AND seq = $6 AND {RelayLeaseStore.IsHeld}
        ON CONFLICT DO NOTHING
        """;

    private const string Known = """
        SELECT generation, topic_id, partition, coalesce(o.lowest - 1, c.outbox_seq), coalesce(c.outbox_seq, o.highest)
        FROM (SELECT generation, topic_id, partition, outbox_seq FROM checkpoints WHERE pipeline = $1) c
        FULL JOIN (SELECT generation, topic_id, partition, min(seq) AS lowest, max(seq) AS highest FROM outbox WHERE pipeline = $1 GROUP BY 1, 2, 3) o
        USING (generation, topic_id, partition)
        """;

    /// <summary>The identity of this database.</summary>
    /// <exception cref="RelayStoppedException">It has none, or several.</exception>
    public async Task<Guid> FindInstallationAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT id FROM installation");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids is [var id] ? id : throw new RelayStoppedException($"the table installation must have one row and has {ids.Count}");
    }

    /// <summary>What has been given and what is gone, of every partition that a checkpoint or a row names. One statement, so one moment.</summary>
    public async Task<IReadOnlyList<KnownRows>> FindKnownAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Known);
        command.Parameters.AddWithValue(pipeline);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var known = new List<KnownRows>();
        while (await reader.ReadAsync(cancellationToken))
        {
            known.Add(new(Partition(reader), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return known;
    }

    /// <summary>The oldest rows of each partition behind <paramref name="after"/>, in order, up to a number of rows and about a number of bytes (one row at least).</summary>
    public async Task<OutboxRows> ReadAsync(OutboxPartition? after, int mostRows, long mostBytes, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Read);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(after?.Generation ?? int.MinValue);
        command.Parameters.AddWithValue(after?.TopicId ?? Guid.Empty);
        command.Parameters.AddWithValue(after?.Partition ?? 0);
        command.Parameters.AddWithValue(mostRows);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<RelayRow>();
        for (long bytes = 0; await reader.ReadAsync(cancellationToken);)
        {
            if (bytes >= mostBytes)
            {
                return new(rows, IsCut: true);
            }

            var isParked = reader.GetBoolean(8);
            var message = isParked ? new(reader.GetString(4), null, null, null)
                : new OutboxMessage(reader.GetString(4), Bytes(reader, 5), Bytes(reader, 6), Bytes(reader, 7));
            rows.Add(new RelayRow(Partition(reader), reader.GetInt64(3), message, isParked));
            bytes += message.Size;
        }

        return new(rows, rows.Count == mostRows);
    }

    /// <summary>Removes the rows up to cursors that are known to be committed: true whoever says it, so no lease is asked for. Returns how many.</summary>
    public async Task<int> DeleteAsync(IReadOnlyDictionary<OutboxPartition, long> cursors, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Delete);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.Add(new() { Value = cursors.Keys.Select(key => key.Generation).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = cursors.Keys.Select(key => key.TopicId).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = cursors.Keys.Select(key => key.Partition).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = cursors.Values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Copies a row aside that the broker will never take, with the hash of its value and what the broker said. It stays in the outbox until a cursor has
    /// passed it. False when the lease is another's by now: then the row is the other's to judge.
    /// </summary>
    public async Task<bool> ParkAsync(RelayRow row, string error, string holder, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Park);
        command.Parameters.AddWithValue(pipeline);
        command.Parameters.AddWithValue(holder);
        command.Parameters.AddWithValue(row.Partition.Generation);
        command.Parameters.AddWithValue(row.Partition.TopicId);
        command.Parameters.AddWithValue(row.Partition.Partition);
        command.Parameters.AddWithValue(row.Seq);
        command.Parameters.AddWithValue(SHA256.HashData(row.Message.Value ?? []));
        command.Parameters.AddWithValue(error);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static OutboxPartition Partition(NpgsqlDataReader reader) => new(reader.GetInt32(0), reader.GetGuid(1), reader.GetInt32(2));

    private static byte[]? Bytes(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
