using Streaming.Aggregator.Control;
using Xunit;

namespace Streaming.Aggregator.Tests.Control;

public sealed class ControlPlanExamples
{
    private const string Mine = "mine";
    private const string Other = "other";

    [Fact]
    public void Active_generation_of_the_own_definition_is_run()
    {
        var plan = ControlPlan.Of(Rows(1, Generation(1, Mine)), Mine);

        Assert.Equal([new GenerationToRun(1, null, null)], plan.Generations);
        Assert.Null(plan.Trouble);
    }

    [Fact]
    public void Paused_pipeline_runs_nothing_and_is_no_trouble()
    {
        var plan = ControlPlan.Of(Rows(1, Generation(1, Mine)) with { IsPaused = true }, Mine);

        Assert.Empty(plan.Generations);
        Assert.Null(plan.Trouble);
    }

    [Fact]
    public void Changed_definition_runs_nothing_and_asks_for_a_replay()
    {
        var plan = ControlPlan.Of(Rows(1, Generation(1, Other)), Mine);

        Assert.Empty(plan.Generations);
        Assert.Equal(ControlPlan.Changed, plan.Trouble);
    }

    [Fact]
    public void Replay_of_the_own_definition_runs_beside_an_active_generation_that_is_another_programs()
    {
        var rows = Rows(1, Generation(1, Other), Generation(2, Mine, GenerationStates.Building));

        Assert.Equal([new GenerationToRun(2, 1, null)], ControlPlan.Of(rows, Mine).Generations);
        Assert.Null(ControlPlan.Of(rows, Mine).Trouble);
        Assert.Equal([new GenerationToRun(1, null, null)], ControlPlan.Of(rows, Other).Generations);
        Assert.Equal(ControlPlan.Other, ControlPlan.Of(rows, "a third").Trouble);
    }

    [Fact]
    public void Replay_of_the_same_definition_runs_both()
    {
        var from = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var rows = Rows(1, Generation(1, Mine), Generation(2, Mine, GenerationStates.Building) with { CoversFrom = from });

        Assert.Equal([new GenerationToRun(1, null, null), new GenerationToRun(2, 1, from)], ControlPlan.Of(rows, Mine).Generations);
    }

    [Fact]
    public void Former_generation_is_the_last_one_that_was_shown_not_one_that_was_given_up()
    {
        var rows = Rows(3,
            Generation(1, Mine, GenerationStates.Retired, wasActive: true), Generation(2, Mine, GenerationStates.Retired), Generation(3, Mine));

        Assert.Equal([new GenerationToRun(3, 1, null)], ControlPlan.Of(rows, Mine).Generations);
    }

    private static ControlRows Rows(int active, params GenerationRow[] generations) => new(false, active, generations);

    private static GenerationRow Generation(int number, string fingerprint, string state = GenerationStates.Active, bool wasActive = false) =>
        new(number, fingerprint, state, null, null, default, state == GenerationStates.Active || wasActive ? default(DateTime) : null, null);
}
