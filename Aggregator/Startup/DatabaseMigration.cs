using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;
using Streaming.Data;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Brings the database to the model's shape, one instance at a time: under a lock of PostgreSQL that its session holds. (EF's own lock ends with each migration's
/// transaction, so of two instances that start together one would find the next migration half done.)
/// </summary>
internal sealed class DatabaseMigration(IServiceScopeFactory scopes, ILogger<DatabaseMigration> logger)
{
    /// <summary>Any number that nobody else locks in this database: "migrate" as bytes.</summary>
    private const long LockKey = 0x6d69677261746500;

    /// <summary>Waits, with log lines, while PostgreSQL is not there yet.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                await MigrateAsync(cancellationToken);
                AggregatorLog.Migrated(logger);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && MayPass(e))
            {
                if (backoff.Fail())
                {
                    AggregatorLog.WaitingForPostgres(logger, Innermost(e).Message, backoff.Attempts);
                }
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<StreamingDbContext>().Database;
        var creator = database.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
        {
            await creator.CreateAsync(cancellationToken);
        }

        // Closing the connection, in whatever way, lets go of the lock.
        await database.OpenConnectionAsync(cancellationToken);
        await database.ExecuteSqlAsync($"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        await database.MigrateAsync(cancellationToken);
        await database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockKey})", cancellationToken);
    }

    // EF wraps what the server said; two instances that create the same thing at once also pass at the next attempt.
    private static bool MayPass(Exception e) =>
        CheckpointErrors.MayPass(Innermost(e)) || Innermost(e) is Npgsql.PostgresException { SqlState: "23505" or "42P04" } or System.Net.Sockets.SocketException;

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner && e is not Npgsql.PostgresException)
        {
            e = inner;
        }

        return e;
    }
}
