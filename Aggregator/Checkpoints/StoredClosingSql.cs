using Npgsql;
using NpgsqlTypes;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Closes windows of which rows are not in memory: they are read from the table, as it stands after the checkpoint's open rows were written to it, made final and
/// sent downstream, page by page in the same transaction. However many rows a window has, memory holds some pages of them.
/// </summary>
internal static class StoredClosingSql
{
    /// <summary>Rows that become final, and leave, at once.</summary>
    private const int PageRows = 5000;

    private const string Partition = "r.pipeline = $1 AND r.generation = $2 AND r.topic_id = $3 AND r.partition = $4 AND r.window_name = $5";

    private const string Rows = $"""
        SELECT {OpenRowSql.Columns} FROM window_results AS r
        WHERE {Partition} AND NOT r.is_pane AND r.window_start = $6 AND r.window_end = $7 AND NOT r.is_final ORDER BY r.group_key COLLATE "C"
        """;

    private const string Panes = $"""
        SELECT {OpenRowSql.Columns} FROM window_results AS r
        WHERE {Partition} AND r.is_pane AND r.window_start >= $6 AND r.window_start < $7 ORDER BY r.group_key COLLATE "C", r.window_start
        """;

    // Where nothing has a state, the panes of a key are added up where they lie.
    private const string PaneSums = $"""
        SELECT min(r.window_start), max(r.window_end), r.group_key, sum(r.count)::bigint, sum(r.sum), min(r.min), max(r.max), r.window_name, true, NULL::bytea
        FROM window_results AS r WHERE {Partition} AND r.is_pane AND r.window_start >= $6 AND r.window_start < $7
        GROUP BY r.window_name, r.group_key ORDER BY r.group_key COLLATE "C"
        """;

    private const string Sessions = $"""
        SELECT {OpenRowSql.Columns} FROM window_results AS r
        WHERE {Partition} AND NOT r.is_pane AND r.window_start >= $6 AND r.window_start < $7 AND r.window_end <= $7 AND NOT r.is_final
        ORDER BY r.window_end, r.group_key COLLATE "C"
        """;

    /// <summary>Writes what closes of one partition, and returns how many messages that were not counted when its row was moved it has for the outbox.</summary>
    /// <exception cref="CheckpointInvariantException">A final row would change.</exception>
    public static async Task<long> WriteAsync(NpgsqlConnection connection, MovedPartition moved, bool hasWebhook, CancellationToken cancellationToken)
    {
        var (change, closing) = (moved.Change, moved.Change.Closing!);
        await closing.BeginAsync(() => AlertSql.LoadAsync(connection, change.Partition, cancellationToken));
        var page = new List<WindowRow>(PageRows);
        long sent = 0;
        await foreach (var row in ClosedRows.InOrderAsync(change.Changes, stored => Read(connection, change, stored, cancellationToken)).WithCancellation(cancellationToken))
        {
            page.Add(row);
            if (page.Count == PageRows)
            {
                sent += await WritePageAsync(connection, moved, sent, page, isLast: false, hasWebhook, cancellationToken);
                page.Clear();
            }
        }

        sent += await WritePageAsync(connection, moved, sent, page, isLast: true, hasWebhook, cancellationToken);
        await ProgressSql.CountOutboxAsync(connection, change.Partition, sent, cancellationToken);
        return sent;
    }

    private static async Task<int> WritePageAsync(
        NpgsqlConnection connection, MovedPartition moved, long sent, List<WindowRow> page, bool isLast, bool hasWebhook, CancellationToken cancellationToken)
    {
        await WindowSql.WriteRowsAsync(connection, moved, page, cancellationToken);
        var result = moved.Change.Closing!.Close(page, isLast);
        await AlertSql.WriteAsync(connection, [moved with { Change = moved.Change with { Alerts = result.Alerts } }], hasWebhook, cancellationToken);
        var pageMoved = moved with { OutboxSeq = moved.OutboxSeq + sent + result.Outgoing.Count, Change = moved.Change with { Outgoing = result.Outgoing } };
        await OutboxSql.AppendAsync(connection, [pageMoved], cancellationToken);
        return result.Outgoing.Count;
    }

    private static IAsyncEnumerable<WindowRow> Read(NpgsqlConnection connection, PartitionChange change, StoredClosing closing, CancellationToken cancellationToken)
    {
        var (windows, measures) = (change.Closing!.Windows, change.Closing.Measures);
        var query = closing.Rows switch
        {
            StoredKind.Rows => Rows,
            StoredKind.Sessions => Sessions,
            _ => measures.NeedsState ? Panes : PaneSums,
        };
        return new RowCursor(connection, $"closing_{closing.Kind}", query, parameters =>
        {
            PartitionParameters.Add(parameters, change.Partition);
            parameters.Add(new() { Value = closing.Of.Name });
            parameters.Add(new() { Value = closing.Window.Start.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            parameters.Add(new() { Value = closing.Window.End.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        }).ReadAsync(windows, measures, cancellationToken);
    }
}
