using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;
using Streaming.Data;

namespace Streaming.Aggregator.Startup;

/// <summary>
/// Brings the database to the model's shape, one instance at a time: under a lock of PostgreSQL that its session holds. (EF's own lock ends with each migration's
/// transaction, so of two instances that start together one would find the next migration half done.)
/// </summary>
internal sealed class DatabaseMigration(NpgsqlDataSource database, IServiceScopeFactory scopes, ILogger<DatabaseMigration> logger)
{
    /// <summary>Any number that nobody else locks in this database: "migrate" as bytes.</summary>
    private const long LockKey = 0x6d69677261746500;

    /// <summary>
    /// Nobody waits behind the migration for longer than this for a table that a third one holds; it is tried again then. The first statement takes what the Dashboard reads in one
    /// transaction, in that order: each would else hold what the other is to get.
    /// </summary>
    private const string Begin = """
        SET LOCAL lock_timeout = '3s';
        DO $lock$
        BEGIN
            IF to_regclass('pipelines') IS NOT NULL THEN
                LOCK TABLE pipelines, checkpoints, window_results IN ACCESS EXCLUSIVE MODE;
            END IF;
        END $lock$;
        """;

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
        await using var connection = await OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            await MigrateAsync(connection, cancellationToken);
        }
        finally
        {
            // The connection goes back to its pool, and would take the lock along; a broken one has let go of it.
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            }
        }
    }

    private async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = await AppliedAsync(connection, cancellationToken);
        if (MigrationScript.Migrations.All(applied.Contains))
        {
            return;
        }

        if (MigrationScript.Read() is { } script)
        {
            // All or nothing: no reader sees tables that the next migration is about to change.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, Begin, cancellationToken);
            await ExecuteAsync(connection, script, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<StreamingDbContext>().Database.MigrateAsync(cancellationToken);
    }

    /// <summary>Opens a connection; makes the database when the server has none of its name.</summary>
    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.OpenConnectionAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<StreamingDbContext>().Database.GetService<IRelationalDatabaseCreator>().CreateAsync(cancellationToken);
            return await database.OpenConnectionAsync(cancellationToken);
        }
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("""SELECT to_regclass('"__EFMigrationsHistory"') IS NOT NULL""", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return [];
        }

        await using var command = new NpgsqlCommand("""SELECT "MigrationId" FROM "__EFMigrationsHistory" """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetString(0));
        }

        return applied;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // Another instance may be migrating while this one waits for the lock, however long that takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // EF wraps what the server said; two instances that create the same thing at once also pass at the next attempt.
    private static bool MayPass(Exception e) =>
        CheckpointErrors.MayPass(Innermost(e)) || Innermost(e) is PostgresException { SqlState: "23505" or "42P04" } or System.Net.Sockets.SocketException;

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner && e is not PostgresException)
        {
            e = inner;
        }

        return e;
    }
}
