using Microsoft.EntityFrameworkCore;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;
using Streaming.Data;

namespace Streaming.Aggregator.Startup;

/// <summary>Brings the database to the model's shape, under EF's lock, so that instances that start together do not disturb each other.</summary>
internal sealed class DatabaseMigration(IServiceScopeFactory scopes, ILogger<DatabaseMigration> logger)
{
    /// <summary>Waits, with log lines, while PostgreSQL is not there yet.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<StreamingDbContext>().Database.MigrateAsync(cancellationToken);
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

    // EF wraps what the server said; two instances that create the same thing at once also pass at the next attempt.
    private static bool MayPass(Exception e) =>
        CheckpointErrors.MayPass(Innermost(e)) || Innermost(e) is Npgsql.PostgresException { SqlState: "23505" or "42P07" } or System.Net.Sockets.SocketException;

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner && e is not Npgsql.PostgresException)
        {
            e = inner;
        }

        return e;
    }
}
