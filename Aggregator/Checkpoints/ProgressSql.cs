using Npgsql;
using NpgsqlTypes;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>A progress row, as far as a commit of unknown outcome needs it.</summary>
internal sealed record StoredProgress(long Version, long NextOffset, string Owner);

/// <summary>Step 1: the guarded update of the progress rows.</summary>
internal static class ProgressSql
{
    private const string Sql = """
        UPDATE checkpoints SET version = version + 1, next_offset = $7, watermark = $8, outbox_seq = outbox_seq + $9, events = events + $10,
            late = late + $11, rejected = rejected + $12, unknown_keys = unknown_keys + $13, end_offset = coalesce($14, end_offset),
            owner = $15, trace_parent = coalesce($16, trace_parent), filtered = filtered + $17, updated_at = now()
        WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND version = $5 AND next_offset = $6
        RETURNING version, outbox_seq
        """;

    private const string CountOutbox =
        "UPDATE checkpoints SET outbox_seq = outbox_seq + $5 WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4";

    private const string Read =
        "SELECT version, next_offset, owner FROM checkpoints WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4";

    /// <summary>Moves every row, or throws naming all whose guard refused.</summary>
    /// <exception cref="PartitionClaimedException">A row did not come back.</exception>
    public static async Task<IReadOnlyList<MovedPartition>> MoveAsync(
        NpgsqlConnection connection, IReadOnlyList<PartitionChange> ordered, string owner, string? traceParent, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var change in ordered)
        {
            batch.BatchCommands.Add(Command(change, owner, traceParent));
        }

        var moved = new List<MovedPartition>(ordered.Count);
        var claimed = new List<InputPartition>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var change in ordered)
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                moved.Add(new MovedPartition(change, reader.GetInt64(0), reader.GetInt64(1)) { TraceParent = traceParent });
            }
            else
            {
                claimed.Add(change.Partition);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        return claimed.Count > 0 ? throw new PartitionClaimedException(claimed) : moved;
    }

    /// <summary>Counts further messages of a row that this transaction has moved.</summary>
    public static async Task CountOutboxAsync(NpgsqlConnection connection, InputPartition partition, long messages, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CountOutbox, connection);
        PartitionParameters.Add(command.Parameters, partition);
        command.Parameters.Add(new() { Value = messages });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The row as it stands; null when there is none.</summary>
    public static async Task<StoredProgress?> ReadAsync(NpgsqlConnection connection, InputPartition partition, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection);
        PartitionParameters.Add(command.Parameters, partition);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new StoredProgress(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2)) : null;
    }

    private static NpgsqlBatchCommand Command(PartitionChange change, string owner, string? traceParent) => new(Sql)
    {
        Parameters =
        {
            new() { Value = change.Partition.Pipeline },
            new() { Value = change.Partition.Generation },
            new() { Value = change.Partition.TopicId },
            new() { Value = change.Partition.Partition },
            new() { Value = change.FromVersion },
            new() { Value = change.FromOffset },
            new() { Value = change.ToOffset },
            new() { Value = (object?)change.Changes.Watermark?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = (long)change.Outgoing.Count },
            new() { Value = change.Changes.Counts.Accepted },
            new() { Value = change.Changes.Counts.Late },
            new() { Value = change.Rejected },
            new() { Value = change.UnknownKeys },
            new() { Value = (object?)change.EndOffset ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            new() { Value = owner },
            new() { Value = (object?)traceParent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = change.Filtered },
        },
    };
}
