using Microsoft.EntityFrameworkCore;
using Npgsql;
using Streaming.Data;
using Streaming.Embedded.Postgres;

namespace Streaming.Dashboard.Tests;

/// <summary>One PostgreSQL server for the tests of this project; each test has a database of its own on it.</summary>
public sealed class DatabaseServer : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "dashboard-tests-" + Guid.NewGuid().ToString("N"));
    private PostgresServer? _server;
    private int _databases;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(new PostgresOptions { DataDirectory = _folder, Fsync = false });
        await MigrateAsync(await CreateAsync("template_streaming", "template1"));
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A database with all tables, empty.</summary>
    public Task<string> MigratedAsync() => CreateAsync($"test_{Interlocked.Increment(ref _databases)}", "template_streaming");

    /// <summary>A database without tables.</summary>
    public Task<string> EmptyAsync() => CreateAsync($"test_{Interlocked.Increment(ref _databases)}", "template1");

    /// <summary>Makes the tables, as the Aggregator does when it starts.</summary>
    public static async Task MigrateAsync(string connectionString)
    {
        // Without pooling: a template with an open session cannot be copied.
        var plain = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var context = new StreamingDbContext(new DbContextOptionsBuilder<StreamingDbContext>().UseNpgsql(plain).Options);
        await context.Database.MigrateAsync();
    }

    private async Task<string> CreateAsync(string name, string template)
    {
        var server = _server!.ConnectionString;
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false, Database = "postgres" }.ConnectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }
}

/// <summary>Tests that share the server.</summary>
[CollectionDefinition(Name)]
public sealed class SharedDatabase : ICollectionFixture<DatabaseServer>
{
    public const string Name = "database";
}
