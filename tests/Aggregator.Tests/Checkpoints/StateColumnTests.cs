using Streaming.Aggregator.Tests.Servers;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Tests.Checkpoints;

[Collection(PostgresTests.Name)]
public sealed class StateColumnTests(PostgresFixture postgres)
{
    private static readonly MeasurePlan WithState = new(
        [new FieldSpec("amount", FieldKind.Number, Scale: 0, Unit: null)], [new MeasureSpec("amount_p50", MeasureKind.Quantile, 0, 0.5)]);

    [Fact]
    public async Task What_columns_cannot_hold_is_written_loaded_and_written_again()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var first = await bench.ClaimAsync(bench.P0, measures: WithState);
        var (_, written) = await SellAsync(bench, first, 10, 30);

        var second = await bench.ClaimAsync(bench.P0, measures: WithState);
        Assert.Equal(Assert.Single(written.Open) with { NewEvents = 0 }, Assert.Single(second.OpenRows));

        var (all, _) = await SellAsync(bench, second, 20);
        var third = await bench.ClaimAsync(bench.P0, measures: WithState);
        Assert.Equal(all.Encode(), Assert.Single(third.OpenRows).State!.Encode());
        Assert.Equal(3, Assert.Single(third.OpenRows).Measures.Count);
    }

    [Fact]
    public async Task A_state_of_other_measures_is_refused()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await SellAsync(bench, await bench.ClaimAsync(bench.P0, measures: WithState), 10);
        var other = new MeasurePlan(WithState.Fields, [new MeasureSpec("amount_var", MeasureKind.Variance, 0)]);
        await Assert.ThrowsAsync<MeasureStateException>(() => bench.ClaimAsync(bench.P0, measures: other));
    }

    private static async Task<(MeasureState State, ChangeSet Changes)> SellAsync(
        CheckpointBench bench, Aggregator.Checkpoints.Claim claim, params long[] amounts)
    {
        var engine = new WindowEngine(CheckpointBench.Windows, WithState, claim.WatermarkMs, claim.OpenRows);
        foreach (var amount in amounts)
        {
            engine.Add("zurich-1"u8, new EventValues(new ReadOnlySpan<long>(in amount), missing: 0, CheckpointBench.T0, offset: 0), CheckpointBench.T0);
        }

        var changes = engine.TakeChanges();
        await bench.WriteAsync("a", CheckpointBench.Change(claim, amounts.Length, changes));
        return (Assert.Single(changes.Open).State!, changes);
    }
}
