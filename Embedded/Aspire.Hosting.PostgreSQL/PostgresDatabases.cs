using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting.Postgres;

/// <summary>Creates the databases of a server that is ready.</summary>
internal static class PostgresDatabases
{
    public static async Task CreateAsync(PostgresServerResource server, CancellationToken cancellationToken)
    {
        var connectionString = await server.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
        await using var source = NpgsqlDataSource.Create($"{connectionString};Database=postgres;Pooling=false");
        foreach (var name in server.Databases.Values)
        {
            await CreateAsync(source, name, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task CreateAsync(NpgsqlDataSource source, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var quoting = new NpgsqlCommandBuilder();
            await using var create = source.CreateCommand($"CREATE DATABASE {quoting.QuoteIdentifier(name)}");
            await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // It is there from an earlier run.
        }
    }
}

/// <summary>A server or database is healthy when a query on a new connection is answered.</summary>
internal sealed class PostgresHealthCheck(IResourceWithConnectionString resource) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var connectionString = await resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
            await using var connection = new NpgsqlConnection(WithDatabase($"{connectionString};Pooling=false;Timeout=5;Command Timeout=5"));
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    /// <summary>Without a database Npgsql asks for one of the user's name, which a server need not have.</summary>
    private static string WithDatabase(string connectionString)
    {
        var parsed = new NpgsqlConnectionStringBuilder(connectionString);
        parsed.Database ??= "postgres";
        return parsed.ConnectionString;
    }
}
