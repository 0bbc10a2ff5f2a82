using System.Data.Common;
using Npgsql;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Checkpoints;

/// <summary>
/// Stands by a claim that waits for a lock. A process that was frozen in the middle of a transaction keeps its row locks for as long as its connection lives, and
/// in the middle of a COPY no time limit of PostgreSQL's covers it (the session counts as active; the frozen machine's kernel answers keepalives). So after a
/// bound the sessions of other instances that hold the claim up are ended: their transactions roll back, as if those instances had died. The sessions of anybody
/// else are only named.
/// </summary>
internal sealed class BlockedClaim(NpgsqlDataSource database, TimeSpan bound, ILogger logger)
{
    // Of this database, of this role, under the name that Aggregators give themselves: nobody else's session is ended.
    private const string EndOwn = """
        SELECT pid, coalesce(application_name, ''), coalesce(usename, ''), CASE WHEN is_own THEN pg_terminate_backend(pid) ELSE false END
        FROM (
            SELECT pid, application_name, usename, coalesce(datname = current_database() AND usename = current_user
                AND application_name = current_setting('application_name') AND pid <> pg_backend_pid(), false) AS is_own
            FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids($1))) AS blockers
        """;

    /// <summary>Runs the claim's statement, and ends what blocks it whenever it has waited for the bound.</summary>
    /// <param name="statement">What may have to wait for a lock.</param>
    /// <param name="session">The process id of the session that it runs in.</param>
    /// <param name="partition">For the log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> RunAsync<T>(Func<Task<T>> statement, int session, InputPartition partition, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = statement();
        var watching = WatchAsync(session, partition, done.Token);
        try
        {
            return await running;
        }
        finally
        {
            await done.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(int session, InputPartition partition, CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(bound, done);
                await EndBlockersAsync(session, partition, done);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The statement has its answer.
        }
    }

    private async Task EndBlockersAsync(int session, InputPartition partition, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(EndOwn);
            command.Parameters.AddWithValue(session);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.GetBoolean(3))
                {
                    AggregatorLog.BlockerEnded(logger, partition, reader.GetInt32(0), bound.TotalSeconds);
                }
                else
                {
                    AggregatorLog.Blocked(logger, partition, reader.GetInt32(0), reader.GetString(1), reader.GetString(2), bound.TotalSeconds);
                }
            }
        }
        catch (Exception e) when (e is DbException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            // The claim itself finds out whether the server is there; this was only help for it.
            AggregatorLog.BlockersNotFound(logger, partition, e.Message);
        }
    }
}
