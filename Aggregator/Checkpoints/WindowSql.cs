using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>Step 2: the windows that changed, the late counts and the idle marks.</summary>
internal static class WindowSql
{
    private const string Copy = """
        COPY checkpoint_rows (pipeline, generation, topic_id, partition, window_start, window_end, group_key, count, sum, min, max, is_final, version)
        FROM STDIN (FORMAT binary)
        """;

    // In key order, so that neighbouring rows land on neighbouring index pages. A final row never changes: the count of rows tells when one would.
    private const string Upsert = """
        INSERT INTO window_results AS r
            (pipeline, generation, topic_id, partition, window_start, window_end, group_key, count, sum, min, max, late, is_final, version)
        SELECT pipeline, generation, topic_id, partition, window_start, window_end, group_key, count, sum, min, max, 0, is_final, version
        FROM checkpoint_rows ORDER BY pipeline, generation, topic_id, partition, window_start, window_end, group_key
        ON CONFLICT (pipeline, generation, topic_id, partition, window_start, window_end, group_key) DO UPDATE SET
            count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max, is_final = excluded.is_final, version = excluded.version
        WHERE NOT r.is_final
        """;

    private const string Late = """
        UPDATE window_results AS r SET late = r.late + l.events, version = $5
        FROM unnest($6, $7, $8, $9) AS l (window_start, window_end, group_key, events)
        WHERE r.pipeline = $1 AND r.generation = $2 AND r.topic_id = $3 AND r.partition = $4
            AND r.window_start = l.window_start AND r.window_end = l.window_end AND r.group_key = l.group_key
        """;

    // Of several marks before the same offset only the last says something: the watermark never goes back.
    private const string Mark = """
        WITH outdated AS (
            DELETE FROM idle_marks WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND next_offset = $5 AND watermark < $6)
        INSERT INTO idle_marks (pipeline, generation, topic_id, partition, next_offset, watermark) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """;

    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        await WriteRowsAsync(connection, moved, cancellationToken);
        foreach (var partition in moved.Where(m => m.Change.Changes.LateCounts.Count > 0))
        {
            await AddLateAsync(connection, partition, cancellationToken);
        }

        foreach (var (partition, mark) in moved.SelectMany(m => m.Change.IdleMarks.Select(mark => (m.Change.Partition, mark))))
        {
            await WriteMarkAsync(connection, partition, mark, cancellationToken);
        }
    }

    private static async Task WriteRowsAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        var rows = moved.Sum(m => m.Change.Changes.Open.Count + m.Change.Changes.Closed.Count);
        if (rows == 0)
        {
            return;
        }

        await using (var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken))
        {
            foreach (var partition in moved)
            {
                foreach (var row in partition.Change.Changes.Open.Concat(partition.Change.Changes.Closed))
                {
                    await WriteRowAsync(copy, partition, row, cancellationToken);
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await using var upsert = new NpgsqlCommand(Upsert, connection);
        var written = await upsert.ExecuteNonQueryAsync(cancellationToken);
        if (written != rows)
        {
            throw new CheckpointInvariantException($"{rows - written} of {rows} rows would change a final window.");
        }
    }

    private static async Task WriteRowAsync(NpgsqlBinaryImporter copy, MovedPartition moved, WindowRow row, CancellationToken cancellationToken)
    {
        var partition = moved.Change.Partition;
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(partition.Pipeline, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(partition.Generation, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(partition.TopicId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(partition.Partition, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(row.Window.Start.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(row.Window.End.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(row.Key.Text, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(row.Measures.Count, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync((decimal)row.Measures.Sum, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(row.Measures.Min, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(row.Measures.Max, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(row.IsFinal, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(moved.Version, NpgsqlDbType.Bigint, cancellationToken);
    }

    private static async Task AddLateAsync(NpgsqlConnection connection, MovedPartition moved, CancellationToken cancellationToken)
    {
        var late = moved.Change.Changes.LateCounts;
        await using var command = new NpgsqlCommand(Late, connection);
        PartitionParameters.Add(command.Parameters, moved.Change.Partition);
        command.Parameters.Add(new() { Value = moved.Version });
        command.Parameters.Add(new() { Value = late.Select(l => l.Window.Start.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = late.Select(l => l.Window.End.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = late.Select(l => l.Key.Text).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = late.Select(l => l.Events).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteMarkAsync(NpgsqlConnection connection, InputPartition partition, IdleMark mark, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Mark, connection);
        PartitionParameters.Add(command.Parameters, partition);
        command.Parameters.Add(new() { Value = mark.NextOffset });
        command.Parameters.Add(new() { Value = DateTimeOffset.FromUnixTimeMilliseconds(mark.WatermarkMs).UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
