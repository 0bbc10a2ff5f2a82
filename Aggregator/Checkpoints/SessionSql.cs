using Npgsql;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>What a session needs before it writes checkpoints.</summary>
internal static class SessionSql
{
    /// <summary>
    /// The temporary table that rows are copied into, and the time after which PostgreSQL ends a transaction of ours that has stopped moving: an
    /// instance that hangs in the middle of a checkpoint must not hold the locks that its successor's claim waits for. The keepalives do the same for
    /// a machine that is gone in the middle of a COPY, which that time does not cover.
    /// </summary>
    private const string Sql = """
        SET idle_in_transaction_session_timeout = '10s';
        SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
        CREATE TEMPORARY TABLE IF NOT EXISTS checkpoint_rows (
            pipeline text, generation int, topic_id uuid, partition int, window_name text, is_pane bool, window_start timestamptz, window_end timestamptz, group_key text,
            count bigint, sum numeric, min bigint, max bigint, is_final bool, version bigint, state bytea) ON COMMIT DELETE ROWS
        """;

    public static async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
