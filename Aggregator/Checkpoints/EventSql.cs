using Npgsql;
using NpgsqlTypes;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>Step 2, too: the events that are kept. Each is written by the one checkpoint that moves the progress past it, so none comes twice.</summary>
internal static class EventSql
{
    private const string Copy =
        "COPY events (pipeline, generation, topic_id, partition, \"offset\", event_time, group_key, is_late, \"values\", body, version) FROM STDIN (FORMAT binary)";

    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        if (moved.All(m => m.Change.Events.Count == 0))
        {
            return;
        }

        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        foreach (var partition in moved)
        {
            var oldest = now - (long)partition.Change.EventsKeptFor.TotalMilliseconds;
            foreach (var e in partition.Change.Events.Where(e => e.EventTimeMs >= oldest))
            {
                await WriteAsync(copy, partition, e, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, MovedPartition moved, TakenEvent e, CancellationToken cancellationToken)
    {
        var partition = moved.Change.Partition;
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(partition.Pipeline, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(partition.Generation, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(partition.TopicId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(partition.Partition, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(e.Offset, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(DateTimeOffset.FromUnixTimeMilliseconds(e.EventTimeMs).UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(e.Key.Text, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(e.IsLate, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(e.Values, NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellationToken);
        if (e.Body is { } body)
        {
            await copy.WriteAsync(body, NpgsqlDbType.Bytea, cancellationToken);
        }
        else
        {
            await copy.WriteNullAsync(cancellationToken);
        }

        await copy.WriteAsync(moved.Version, NpgsqlDbType.Bigint, cancellationToken);
    }
}
