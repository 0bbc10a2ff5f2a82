using Microsoft.EntityFrameworkCore;
using Npgsql;
using Streaming.Data;
using Streaming.Embedded.Postgres;
using Xunit;

namespace Streaming.Aggregator.Tests.Servers;

/// <summary>A PostgreSQL of the tests' own with a migrated template; every test gets a database of its own from it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string Template = "streaming_template";
    private int _databases;
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-aggregator-").FullName;
    private PostgresServer? _server;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(new PostgresOptions { DataDirectory = Path.Combine(_folder, "postgres") });
        await MigrateAsync(To(Template));
    }

    /// <summary>Makes a database, if it is not there, and brings it to the model's shape.</summary>
    public static async Task MigrateAsync(string connectionString)
    {
        await using var context = new StreamingDbContext(new DbContextOptionsBuilder<StreamingDbContext>().UseNpgsql(connectionString).Options);
        await context.Database.MigrateAsync();
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The connection string of a fresh, migrated database.</summary>
    public Task<string> CreateDatabaseAsync() => CreateAsync($"TEMPLATE {Template}");

    /// <summary>The connection string of a database without tables.</summary>
    public Task<string> CreateEmptyDatabaseAsync() => CreateAsync("");

    private async Task<string> CreateAsync(string options)
    {
        NpgsqlConnection.ClearAllPools();
        var name = $"streaming_{Interlocked.Increment(ref _databases)}_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(To("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} {options}", connection);
        await command.ExecuteNonQueryAsync();
        return To(name);
    }

    private string To(string database) => new NpgsqlConnectionStringBuilder(_server!.ConnectionString) { Database = database }.ConnectionString;
}

// Tests of a collection run one after the other, collections side by side, each with a server of its own: most tests wait more than they compute.

[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

[CollectionDefinition(Name)]
public sealed class PostgresForOutbox : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL, the outbox";
}

[CollectionDefinition(Name)]
public sealed class PostgresForFaults : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL, faults and control";
}

[CollectionDefinition(Name)]
public sealed class PostgresForScenarios : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL, scenarios and stages";
}

/// <summary>For what measures the process: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PostgresAlone : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL, alone";
}
