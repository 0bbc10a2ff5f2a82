using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>Step 2: the windows that changed, the late counts and the idle marks.</summary>
internal static class WindowSql
{
    private const string Columns =
        "pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, is_final, version";

    private const string Key = "pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key";

    private const string Set =
        "count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max, is_final = excluded.is_final, version = excluded.version";

    // Most pipelines measure what lies in columns: their rows are spared the state's column.
    private static readonly RowSql WithoutState = new(Columns, Set);
    private static readonly RowSql WithState = new(Columns + ", state", Set + ", state = excluded.state");

    private const string Late = """
        UPDATE window_results AS r SET late = r.late + l.events, version = $5
        FROM unnest($6, $7, $8, $9, $10) AS l (window_name, window_start, window_end, group_key, events)
        WHERE r.pipeline = $1 AND r.generation = $2 AND r.topic_id = $3 AND r.partition = $4
            AND r.window_name = l.window_name AND NOT r.is_pane AND r.window_start = l.window_start AND r.window_end = l.window_end AND r.group_key = l.group_key
        """;

    private const string Remove = $"""
        WITH gone AS (
            DELETE FROM window_results AS g WHERE g.ctid = ANY(ARRAY(
                SELECT r.place FROM unnest($6, $7, $8, $9, $10) AS m (window_name, is_pane, window_start, window_end, group_key)
                {RowLookupSql.Row} WHERE {RowLookupSql.IsFound}))
            RETURNING g.window_name, g.is_pane, g.window_start, g.window_end, g.group_key)
        INSERT INTO window_tombstones (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, version, created_at)
        SELECT $1, $2, $3, $4, window_name, is_pane, window_start, window_end, group_key, $5, now() FROM gone
        """;

    // Of several marks before the same offset only the last says something: the watermark never goes back.
    private const string Mark = """
        WITH outdated AS (
            DELETE FROM idle_marks WHERE pipeline = $1 AND generation = $2 AND topic_id = $3 AND partition = $4 AND next_offset = $5 AND watermark < $6)
        INSERT INTO idle_marks (pipeline, generation, topic_id, partition, next_offset, watermark) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
        """;

    private const string RemoveSlices = """
        WITH gone AS (
            DELETE FROM window_results AS r
            WHERE r.pipeline = $1 AND r.generation = $2 AND r.topic_id = $3 AND r.partition = $4 AND r.window_name = $6 AND r.is_pane AND r.window_start = ANY($7)
            RETURNING r.window_name, r.is_pane, r.window_start, r.window_end, r.group_key)
        INSERT INTO window_tombstones (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, version, created_at)
        SELECT $1, $2, $3, $4, window_name, is_pane, window_start, window_end, group_key, $5, now() FROM gone
        """;

    /// <summary>Removes and writes what is in memory. What closes together with stored rows follows: <see cref="StoredClosingSql"/>.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        foreach (var partition in moved.Where(m => m.Change.Changes.Removed.Count > 0))
        {
            await RemoveAsync(connection, partition, cancellationToken);
        }

        await WriteRowsAsync(connection, [.. moved.Select(m => (m, RowsOf(m)))], cancellationToken);
    }

    /// <summary>Writes further rows of one partition in the same transaction.</summary>
    /// <exception cref="CheckpointInvariantException">A final row would change.</exception>
    public static async Task WriteRowsAsync(NpgsqlConnection connection, MovedPartition moved, IReadOnlyList<WindowRow> rows, CancellationToken cancellationToken)
    {
        await using (var empty = new NpgsqlCommand("TRUNCATE checkpoint_rows", connection))
        {
            await empty.ExecuteNonQueryAsync(cancellationToken);
        }

        await WriteRowsAsync(connection, [(moved, rows)], cancellationToken);
    }

    /// <summary>What needs all rows to be written: removes slices that are no more, adds late counts and marks.</summary>
    public static async Task FinishAsync(NpgsqlConnection connection, IReadOnlyList<MovedPartition> moved, CancellationToken cancellationToken)
    {
        foreach (var (partition, slices) in moved.SelectMany(m => m.Change.Changes.RemovedSlices.GroupBy(slice => slice.Of).Select(slices => (m, slices))))
        {
            await RemoveSlicesAsync(connection, partition, slices, cancellationToken);
        }

        foreach (var partition in moved.Where(m => m.Change.Changes.LateCounts.Count > 0))
        {
            await AddLateAsync(connection, partition, cancellationToken);
        }

        foreach (var (partition, mark) in moved.SelectMany(m => m.Change.IdleMarks.Select(mark => (m.Change.Partition, mark))))
        {
            await WriteMarkAsync(connection, partition, mark, cancellationToken);
        }
    }

    private static async Task WriteRowsAsync(
        NpgsqlConnection connection, IReadOnlyList<(MovedPartition Moved, IReadOnlyList<WindowRow> Rows)> partitions, CancellationToken cancellationToken)
    {
        var rows = partitions.Sum(partition => partition.Rows.Count);
        if (rows == 0)
        {
            return;
        }

        var sql = partitions.Any(partition => partition.Rows.Any(row => row.State is not null)) ? WithState : WithoutState;
        await using (var copy = await connection.BeginBinaryImportAsync(sql.Copy, cancellationToken))
        {
            foreach (var (partition, of) in partitions)
            {
                foreach (var row in of)
                {
                    await WriteRowAsync(copy, partition, row, cancellationToken);
                    if (sql == WithState)
                    {
                        await WriteStateAsync(copy, row.State, cancellationToken);
                    }
                }
            }

            await copy.CompleteAsync(cancellationToken);
        }

        await using var upsert = new NpgsqlCommand(sql.Upsert, connection);
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
        await copy.WriteAsync(row.Of.Name, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(row.IsPane, NpgsqlDbType.Boolean, cancellationToken);
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

    private static Task WriteStateAsync(NpgsqlBinaryImporter copy, MeasureState? state, CancellationToken cancellationToken) =>
        state is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(state.Encode(), NpgsqlDbType.Bytea, cancellationToken);

    private static IReadOnlyList<WindowRow> RowsOf(MovedPartition moved) =>
        moved.Change.Closing is null && moved.Change.Changes.Closed.Count > 0 ? [.. moved.Change.Changes.Open, .. moved.Change.Changes.Closed]
            : moved.Change.Changes.Open;

    private static async Task AddLateAsync(NpgsqlConnection connection, MovedPartition moved, CancellationToken cancellationToken)
    {
        var late = moved.Change.Changes.LateCounts;
        await using var command = new NpgsqlCommand(Late, connection);
        PartitionParameters.Add(command.Parameters, moved.Change.Partition);
        command.Parameters.Add(new() { Value = moved.Version });
        command.Parameters.Add(new() { Value = late.Select(l => l.Of.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = late.Select(l => l.Window.Start.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = late.Select(l => l.Window.End.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = late.Select(l => l.Key.Text).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = late.Select(l => l.Events).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Rows that ceased to be leave a tombstone, for readers that hold them. One that was never written leaves none.</summary>
    private static async Task RemoveAsync(NpgsqlConnection connection, MovedPartition moved, CancellationToken cancellationToken)
    {
        var removed = moved.Change.Changes.Removed;
        await RowLookupSql.BeginAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand(Remove, connection);
        PartitionParameters.Add(command.Parameters, moved.Change.Partition);
        command.Parameters.Add(new() { Value = moved.Version });
        command.Parameters.Add(new() { Value = removed.Select(r => r.Of.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = removed.Select(r => r.IsPane).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean });
        command.Parameters.Add(new() { Value = removed.Select(r => r.Window.Start.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = removed.Select(r => r.Window.End.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = removed.Select(r => r.Key.Text).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await RowLookupSql.EndAsync(connection, cancellationToken);
    }

    private static async Task RemoveSlicesAsync(
        NpgsqlConnection connection, MovedPartition moved, IGrouping<WindowSpec, RemovedSlice> slices, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RemoveSlices, connection) { CommandTimeout = RowCursor.LimitSeconds };
        PartitionParameters.Add(command.Parameters, moved.Change.Partition);
        command.Parameters.Add(new() { Value = moved.Version });
        command.Parameters.Add(new() { Value = slices.Key.Name });
        command.Parameters.Add(new() { Value = slices.Select(s => s.Slice.Start.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
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

    /// <summary>The two statements that bring rows in.</summary>
    private sealed class RowSql(string columns, string set)
    {
        public string Copy { get; } = $"COPY checkpoint_rows ({columns}) FROM STDIN (FORMAT binary)";

        // In key order, so that neighbouring rows land on neighbouring index pages. A final row never changes: the count of rows tells when one would.
        public string Upsert { get; } = $"""
            INSERT INTO window_results AS r (late, {columns}) SELECT 0, {columns} FROM checkpoint_rows ORDER BY {Key}
            ON CONFLICT ({Key}) DO UPDATE SET {set} WHERE NOT r.is_final
            """;
    }
}
