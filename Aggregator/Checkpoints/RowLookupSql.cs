using Npgsql;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Finds rows of one partition by their key, each in one step down the table's key. A plain join would leave the way to the planner, and what that knows of a table
/// that grows fast, or of windows that have just begun, is nothing: it goes through the whole table for each row then, or through a whole window. Asked for the
/// first row in the key's order that is not before the one that is looked for, and forbidden to sort (<see cref="BeginAsync"/>), it has no choice.
/// </summary>
internal static class RowLookupSql
{
    private const string Key = "w.topic_id, w.partition, w.window_name, w.is_pane, w.window_start, w.window_end, w.group_key";

    private const string Asked = "$3, $4, m.window_name, m.is_pane, m.window_start, m.window_end, m.group_key";

    /// <summary>
    /// Follows a table <c>m (window_name, is_pane, window_start, window_end, group_key)</c>; gives the row as <c>r</c>, and where it lies as <c>r.place</c>, together with
    /// <see cref="IsFound"/>. The partition is in the parameters 1 to 4.
    /// </summary>
    public const string Row = $"""
        CROSS JOIN LATERAL (
            SELECT w.*, w.ctid AS place FROM window_results AS w WHERE w.pipeline = $1 AND w.generation = $2 AND ({Key}) >= ({Asked})
            ORDER BY w.pipeline, w.generation, {Key} LIMIT 1) AS r
        """;

    /// <summary>The row is the one that was looked for, and not one behind its place.</summary>
    public const string IsFound =
        $"(r.topic_id, r.partition, r.window_name, r.is_pane, r.window_start, r.window_end, r.group_key) = ({Asked})";

    private const string WithoutSorting =
        "SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off";

    private const string AsBefore =
        "SET LOCAL enable_sort TO DEFAULT; SET LOCAL enable_incremental_sort TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_bitmapscan TO DEFAULT";

    /// <summary>To be called in the transaction before rows are looked up.</summary>
    public static Task BeginAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, WithoutSorting, cancellationToken);

    /// <summary>To be called when the same transaction goes on with other things.</summary>
    public static Task EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, AsBefore, cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
