using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Aggregator.Tests.Windowing;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Checkpoints;

[Collection(PostgresTests.Name)]
public sealed class RecallStoreTests(PostgresFixture postgres)
{
    private static readonly Window Minute = new(CheckpointBench.T0, CheckpointBench.T0 + 60_000);
    private static readonly WindowSpec Of = CheckpointBench.Windows.Windows[0];

    [Fact]
    public async Task Rows_are_found_and_what_is_not_stored_is_not()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await TwoStoresAsync(bench);

        Assert.Equal(["basel-1 2"], await LoadAsync(bench, claim, new MissingRow(Of, Minute, new GroupKey("basel-1"), IsPane: false),
            new MissingRow(Of, Minute, new GroupKey("nobody"), IsPane: false), new MissingRow(Of, Minute, new GroupKey("zurich-1"), IsPane: true)));
        Assert.Equal(["basel-1 2", "zurich-1 1"], await LoadAsync(bench, claim,
            new MissingRow(Of, Minute, new GroupKey("basel-1"), IsPane: false), new MissingRow(Of, Minute, new GroupKey("zurich-1"), IsPane: false)));
        Assert.Equal([], await LoadAsync(bench, claim, new MissingRow(Of, new Window(Minute.EndMs, Minute.EndMs + 60_000), new GroupKey("basel-1"), IsPane: false)));
    }

    [Fact]
    public async Task Another_instances_rows_are_not_loaded()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await TwoStoresAsync(bench);
        await bench.ClaimAsync(bench.P0, "b");
        Assert.Null(await LoadAsync(bench, claim, new MissingRow(Of, Minute, new GroupKey("basel-1"), IsPane: false)));
    }

    private static async Task<Claim> TwoStoresAsync(CheckpointBench bench)
    {
        await bench.WriteAsync("a", CheckpointBench.Sales(await bench.ClaimAsync(bench.P0), "zurich-1", 1000));
        await bench.WriteAsync("a", CheckpointBench.Sales(await bench.ClaimAsync(bench.P0), "basel-1", 2000, 3000));
        return await bench.ClaimAsync(bench.P0);
    }

    private static async Task<IEnumerable<string>?> LoadAsync(CheckpointBench bench, Claim claim, params MissingRow[] missing)
    {
        var rows = await new RecallStore(bench.Database).LoadAsync(
            claim.Partition, claim.Version, missing, CheckpointBench.Windows, OneNumber.Plan, CancellationToken.None);
        return rows?.Select(row => $"{row.Key} {row.Measures.Count}").Order(StringComparer.Ordinal);
    }
}
