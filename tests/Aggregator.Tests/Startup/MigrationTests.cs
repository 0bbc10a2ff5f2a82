using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Data;
using Xunit;

namespace Streaming.Aggregator.Tests.Startup;

[Collection(PostgresTests.Name)]
public sealed class MigrationTests(PostgresFixture postgres)
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(1);

    [Fact]
    public void The_script_is_what_Entity_Framework_makes_of_the_migrations()
    {
        using var context = Context("Host=nowhere");

        var made = context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent | MigrationsSqlGenerationOptions.NoTransactions);

        Assert.True(Lines(made).SequenceEqual(Lines(MigrationScript.Read() ?? "")),
            "Data/Migrations/streaming.sql is not what the migrations say. Make it anew: DesignTime=true dotnet ef migrations script -i --no-transactions -p Data -s Data -o Data/Migrations/streaming.sql");
    }

    [Fact]
    public async Task A_database_of_an_earlier_version_gets_the_migrations_it_lacks_and_keeps_its_rows()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using (var context = Context(database))
        {
            await context.GetService<IMigrator>().MigrateAsync(MigrationScript.Migrations[0]);
        }

        var installation = await ScalarAsync(database, "SELECT id FROM installation");
        await MigrateAsync(database);

        Assert.Equal(MigrationScript.Migrations, await AppliedAsync(database));
        Assert.Equal(installation, await ScalarAsync(database, "SELECT id FROM installation"));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_made()
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateEmptyDatabaseAsync());
        database.Database += "_not_there";

        await MigrateAsync(database.ConnectionString);

        Assert.Equal(MigrationScript.Migrations, await AppliedAsync(database.ConnectionString));
    }

    [Fact]
    public async Task Afterwards_no_lock_is_held()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await MigrateAsync(source);

        await using var locks = source.CreateCommand("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

        Assert.Equal(0L, await locks.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_reader_of_an_earlier_version_s_tables_reads_on_and_the_migration_ends_once_it_has_read()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        await using (var context = Context(database))
        {
            await context.GetService<IMigrator>().MigrateAsync(MigrationScript.Migrations[0]);
        }

        await using var source = NpgsqlDataSource.Create(database);
        await using var reader = await source.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await ReadAsync(reader, "pipelines");
        var lines = new LineLog();
        var migrating = MigrateAsync(source, lines);
        await Until.TrueAsync(async () => await ScalarAsync(database, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL") is > 0L, "the migration waits", () => Task.FromResult(lines.ToString()));

        // In the order of the Dashboard's feed.
        await ReadAsync(reader, "checkpoints");
        await ReadAsync(reader, "window_results");
        await Until.TrueAsync(() => lines.Has(2002), "the migration has given way once", lines.ToString);
        await reading.CommitAsync();

        await migrating;
        Assert.Equal(MigrationScript.Migrations, await AppliedAsync(database));
    }

    private static async Task ReadAsync(NpgsqlConnection connection, string table)
    {
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {table}", connection);
        await command.ExecuteScalarAsync();
    }

    private static async Task MigrateAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await MigrateAsync(source);
    }

    private static async Task MigrateAsync(NpgsqlDataSource source, LineLog? lines = null)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines ?? new LineLog()));
        await using var services = new ServiceCollection().AddDbContext<StreamingDbContext>(options => options.UseNpgsql(source)).BuildServiceProvider();
        await new DatabaseMigration(source, services.GetRequiredService<IServiceScopeFactory>(), loggers.CreateLogger<DatabaseMigration>())
            .RunAsync(CancellationToken.None).WaitAsync(s_bound);
    }

    private static async Task<List<string>> AppliedAsync(string database)
    {
        await using var context = Context(database);
        return [.. (await context.Database.GetAppliedMigrationsAsync()).Order(StringComparer.Ordinal)];
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static IEnumerable<string> Lines(string script) =>
        script.Split('\n').Select(line => line.TrimEnd('\r').TrimStart('\uFEFF')).Where(line => line.Length > 0);

    private static StreamingDbContext Context(string database) => new(new DbContextOptionsBuilder<StreamingDbContext>().UseNpgsql(database).Options);
}
