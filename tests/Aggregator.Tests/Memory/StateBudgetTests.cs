using Streaming.Aggregator.Consuming;
using Xunit;

namespace Streaming.Aggregator.Tests.Memory;

public sealed class StateBudgetTests
{
    private const long Bound = 100 << 20;
    private readonly StateBudget _budget = new(Bound);
    private readonly object _one = new();
    private readonly object _other = new();

    [Fact]
    public void Pipelines_that_take_too_much_together_go_down_by_the_same_part()
    {
        _budget.Report(_one, Bound, 0);
        Assert.False(_budget.IsFull);
        Assert.Equal(long.MaxValue, _budget.ShareOf(Bound));

        _budget.Report(_other, Bound / 4, 0);

        Assert.True(_budget.IsFull);
        Assert.Equal(Bound * 4 / 5, _budget.ShareOf(Bound));
        Assert.Equal(Bound / 5, _budget.ShareOf(Bound / 4));
    }

    [Fact]
    public void A_pipeline_that_has_ended_takes_nothing()
    {
        _budget.Report(_one, 2 * Bound, Bound);
        Assert.NotNull(_budget.Trouble(1));
        _budget.Forget(_one);
        Assert.False(_budget.IsFull);
        Assert.Null(_budget.Trouble(1));
    }

    [Fact]
    public void What_cannot_be_evicted_is_named_when_it_reaches_the_bound_and_until_it_is_half_of_it()
    {
        _budget.Report(_one, Bound, Bound / 2);
        _budget.Report(_other, Bound, (Bound / 2) - 1);
        Assert.Null(_budget.Trouble(1));
        Assert.Contains("Aggregator:MaxStateBytes", _budget.Trouble(2), StringComparison.Ordinal);

        _budget.Report(_other, Bound, Bound / 2);
        Assert.Contains($"{Bound}", _budget.Trouble(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_of_one_byte_does_not_stop_reading_for_a_few_states_of_alerts()
    {
        var budget = new StateBudget(1);
        budget.Report(_one, 1 << 20, 1 << 20);
        Assert.True(budget.IsFull);
        Assert.Null(budget.Trouble(2));
    }
}
