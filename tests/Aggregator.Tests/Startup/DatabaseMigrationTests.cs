using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Data;
using Xunit;

namespace Streaming.Aggregator.Tests.Startup;

[Collection(PostgresTests.Name)]
public sealed class DatabaseMigrationTests(PostgresFixture postgres)
{
    /// <summary>As many as a deployment starts at most.</summary>
    private const int Aggregators = 8;

    [Fact]
    public async Task Eight_Aggregators_that_start_on_an_empty_database_migrate_it_once()
    {
        var database = await postgres.CreateEmptyDatabaseAsync();
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var replicas = Enumerable.Range(0, Aggregators)
            .Select(_ => new ServiceCollection().AddSingleton(_ => NpgsqlDataSource.Create(database)).AddDbContext<StreamingDbContext>(options => options.UseNpgsql(database)).BuildServiceProvider()).ToList();

        await Task.WhenAll(replicas.Select(replica => new DatabaseMigration(
            replica.GetRequiredService<NpgsqlDataSource>(), replica.GetRequiredService<IServiceScopeFactory>(), NullLogger<DatabaseMigration>.Instance).RunAsync(bound.Token)));

        await using var scope = replicas[0].CreateAsyncScope();
        var migrated = scope.ServiceProvider.GetRequiredService<StreamingDbContext>().Database;
        Assert.Equal(migrated.GetMigrations(), await migrated.GetAppliedMigrationsAsync(bound.Token));
        replicas.ForEach(replica => replica.Dispose());
    }
}
