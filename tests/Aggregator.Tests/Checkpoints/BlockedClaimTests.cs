using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Checkpoints;

/// <summary>Somebody holds the lock that a claim waits for, and does not move.</summary>
[Collection(PostgresTests.Name)]
public sealed class BlockedClaimTests(PostgresFixture postgres)
{
    private const string Lock = "UPDATE checkpoints SET updated_at = now() WHERE partition = 0";

    [Fact]
    public async Task Session_of_an_instance_that_froze_in_the_middle_of_a_copy_is_ended_and_the_claim_goes_through()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await bench.ClaimAsync(bench.P0, "frozen");
        await using var database = As(bench, "aggregator");
        await using var frozen = await database.OpenConnectionAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await ExecuteAsync(frozen, Lock);
        var copy = await frozen.BeginBinaryImportAsync("COPY outbox (seq) FROM STDIN (FORMAT binary)");
        using var lines = new LineLog();

        var claim = await ClaimAsync(database, bench, lines);

        Assert.Equal(2, claim.Version);
        Assert.True(lines.Has(2115));
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await copy.DisposeAsync());
    }

    [Fact]
    public async Task Session_of_anybody_else_is_named_and_waited_for()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await bench.ClaimAsync(bench.P0, "a");
        await using var administrator = await As(bench, "psql").OpenConnectionAsync();
        await using var transaction = await administrator.BeginTransactionAsync();
        await ExecuteAsync(administrator, Lock);
        await using var database = As(bench, "aggregator");
        using var lines = new LineLog();

        var claim = ClaimAsync(database, bench, lines);
        await Until.TrueAsync(() => lines.Has(2116), "the claim says whom it waits for");
        Assert.False(claim.IsCompleted);
        await transaction.CommitAsync();

        Assert.Equal(2, (await claim).Version);
        Assert.False(lines.Has(2115));
    }

    private static Task<Claim> ClaimAsync(NpgsqlDataSource database, CheckpointBench bench, LineLog lines) =>
        bench.ClaimAsync(new ClaimStore(database, "b") { LockLimit = TimeSpan.FromMilliseconds(300), Logger = lines.CreateLogger("test") });

    private static NpgsqlDataSource As(CheckpointBench bench, string application) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(bench.ConnectionString) { ApplicationName = application });

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
