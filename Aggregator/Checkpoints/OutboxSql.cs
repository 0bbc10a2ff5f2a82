using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Outbox;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Step 3: the outbox rows. Their numbers come out of the progress row, which this transaction has locked, so they have no gaps and are in
/// commit order. (A sequence's are not: a smaller number can become visible after a larger one has been relayed.)
/// </summary>
internal static class OutboxSql
{
    private const string Copy =
        "COPY outbox (pipeline, generation, topic_id, partition, seq, topic, key, value, headers, created_at) FROM STDIN (FORMAT binary)";

    public static async Task AppendAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        if (moved.All(m => m.Change.Outgoing.Count == 0))
        {
            return;
        }

        var now = DateTime.UtcNow;
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var partition in moved)
        {
            var seq = partition.OutboxSeq - partition.Change.Outgoing.Count;
            var trace = partition.TraceParent is { } traceParent ? OutboxTrace.Encode(traceParent) : null;
            foreach (var message in partition.Change.Outgoing)
            {
                await WriteAsync(copy, partition.Change.Partition, ++seq, message, message.IsPutAside ? message.Headers : OutboxTrace.Added(message.Headers, trace), now, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task WriteAsync(
        NpgsqlBinaryImporter copy, InputPartition partition, long seq, OutboxMessage message, byte[]? headers, DateTime now, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(partition.Pipeline, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(partition.Generation, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(partition.TopicId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(partition.Partition, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(seq, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(message.Topic, NpgsqlDbType.Text, cancellationToken);
        await WriteBytesAsync(copy, message.Key, cancellationToken);
        await WriteBytesAsync(copy, message.Value, cancellationToken);
        await WriteBytesAsync(copy, headers, cancellationToken);
        await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellationToken);
    }

    private static Task WriteBytesAsync(NpgsqlBinaryImporter copy, byte[]? bytes, CancellationToken cancellationToken) =>
        bytes is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellationToken);
}
