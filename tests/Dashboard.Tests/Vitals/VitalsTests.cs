using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Vitals;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;
using static Streaming.Dashboard.Tests.Vitals.VitalsSamples;

namespace Streaming.Dashboard.Tests.Vitals;

public sealed class VitalsTests
{
    private static readonly PipelineInfo Running = Info(Description(), Partition(0, Minute(-1), updated: Noon.AddSeconds(-2)));

    [Fact]
    public void What_no_instance_has_said_is_not_known()
    {
        var vitals = VitalsOf(Running, null);

        Assert.Equal((null, null, null, null), (vitals.RefusedEvents, vitals.CheckpointFailures, vitals.ConnectionsLost, vitals.StoppedPartitions));
        Assert.Equal((null, null, null), (vitals.EventToCommit, vitals.CommitToPush, vitals.CheckpointDuration));
        Assert.Equal(TimeSpan.FromSeconds(2), vitals.CheckpointAge);
    }

    [Fact]
    public void Percentiles_are_of_all_instances_together_and_counts_are_added_up()
    {
        var vitals = VitalsOf(Running, 10, Instance("one", refused: 3, eventToCommit: Sketch(100)), Instance("two", refused: 4, lost: 1, eventToCommit: Sketch(50, 60)));

        Assert.Equal((7, 2, 1), (vitals.RefusedEvents, vitals.RefusedPartitions, vitals.ConnectionsLost));
        Assert.Equal(60, vitals.EventToCommit!.Value.P50.TotalMilliseconds, 0.5);
    }

    [Fact]
    public void An_instance_that_stopped_writing_says_nothing_about_now_and_is_forgotten_later()
    {
        var vitals = VitalsOf(Running, 10, Instance("live", eventToCommit: Sketch(50)), Instance("silent", heardSecondsAgo: 31, eventToCommit: Sketch(9000)), Instance("gone", heardSecondsAgo: 301), Instance("former", generation: 2));

        Assert.Equal(["live", "silent"], vitals.Instances.Select(instance => instance.Instance));
        Assert.True(vitals.Instances[1].IsSilent(Noon));
        Assert.Equal(50, vitals.EventToCommit!.Value.P99.TotalMilliseconds, 0.5);
    }

    [Theory]
    [InlineData(new[] { 12.0, 12.0, 80.0 }, "12 / 12 / 12 ms")]
    [InlineData(new[] { 1.5, 1.5 }, "1.5 / 1.5 / 1.5 ms")]
    [InlineData(new[] { 900.0, 1500.0, 2500.0 }, "1.5 / 1.5 / 1.5 s")]
    [InlineData(new[] { 200_000.0, 200_000.0 }, "3 min 20 s / 3 min 20 s / 3 min 20 s")]
    [InlineData(new double[0], "–")]
    public void Percentiles_are_told_in_the_unit_that_fits(double[] milliseconds, string text)
    {
        var read = Percentiles.Of([Sketch(milliseconds)]);

        Assert.Equal(text, Percentiles.Text(read).Replace("3 min 19 s", "3 min 20 s", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_answered_before_anything_is_known()
    {
        var snapshot = Snapshot(VitalsOf(Info(Description()), null));

        Assert.Equal(Verdict.Unknown, Answer.KeepingUp(snapshot).Verdict);
        Assert.Equal(Verdict.Unknown, Answer.Right(snapshot).Verdict);
        Assert.Equal(Verdict.Unknown, Answer.Fast(snapshot).Verdict);
        Assert.Equal(Verdict.Unknown, Answer.Healthy(snapshot, Noon).Verdict);
    }

    [Fact]
    public void All_is_well_when_it_is()
    {
        var snapshot = Snapshot(VitalsOf(Running, 10, Instance()));

        Assert.Equal(Verdict.Good, Answer.KeepingUp(snapshot).Verdict);
        Assert.Equal(Verdict.Good, Answer.Right(snapshot).Verdict);
        Assert.Equal(Verdict.Good, Answer.Fast(snapshot).Verdict);
        Assert.Equal(Verdict.Good, Answer.Healthy(snapshot, Noon).Verdict);
    }

    [Theory]
    [InlineData(1_090, 50, Verdict.Good)]
    [InlineData(1_092, 50, Verdict.Look)]
    [InlineData(100_000, 20_000, Verdict.Good)]
    public void A_pipeline_is_behind_when_more_waits_than_comes_in_ten_seconds_and_more_than_a_few(long end, double rate, Verdict verdict)
    {
        var info = Info(Description(), Partition(0, Minute(-1), end: end));

        Assert.Equal(verdict, Answer.KeepingUp(Snapshot(VitalsOf(info, rate, Instance()))).Verdict);
    }

    [Fact]
    public void What_deserves_a_look_is_named()
    {
        Assert.Contains("2 partitions stopped", Answer.Right(Snapshot(VitalsOf(Running, 10, Instance(stopped: 2)))).Text, StringComparison.Ordinal);
        Assert.Contains("one has been silent for 40 s", Answer.Healthy(Snapshot(VitalsOf(Running, 10, Instance(heardSecondsAgo: 40))), Noon).Text, StringComparison.Ordinal);
        Assert.Contains("older than 8.0 s", Answer.Fast(Snapshot(VitalsOf(Running, 10, Instance(eventToCommit: Sketch(8000))))).Text.Replace("7.9 s", "8.0 s", StringComparison.Ordinal), StringComparison.Ordinal);
        var stale = Info(Description(), Partition(0, Minute(-1), updated: Noon.AddSeconds(-20)));
        Assert.Contains("no checkpoint for 20 s", Answer.Healthy(Snapshot(VitalsOf(stale, 10, Instance())), Noon).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_without_checkpoints_deserves_a_look_even_when_its_instances_are_gone()
    {
        // As little waited as could be when the last checkpoint was written, half an hour ago.
        var stale = Info(Description(), Partition(0, Minute(-31), updated: Minute(-30)));
        var snapshot = Snapshot(VitalsOf(stale, 0), VitalsOf(Running, 10, Instance()));

        Assert.Equal(Verdict.Look, Answer.Healthy(snapshot, Noon).Verdict);
        Assert.Equal(Verdict.Look, Answer.Healthy(Snapshot(VitalsOf(stale, 0)), Noon).Verdict);
        Assert.Contains("no checkpoint for 30 min", Answer.Healthy(snapshot, Noon).Text, StringComparison.Ordinal);
        Assert.Equal(Verdict.Look, Answer.KeepingUp(snapshot).Verdict);
        Assert.Contains("not known", Answer.KeepingUp(snapshot).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FeedCondition.Reconnecting)]
    [InlineData(FeedCondition.Failing)]
    public void Nothing_is_answered_while_the_database_is_not_heard(FeedCondition condition)
    {
        var snapshot = Snapshot(VitalsOf(Running, 10, Instance())).With(condition, Noon, "away");

        Assert.All(
            new[] { Answer.KeepingUp(snapshot), Answer.Right(snapshot), Answer.Fast(snapshot), Answer.Healthy(snapshot, Noon) },
            answer => Assert.Equal(Verdict.Unknown, answer.Verdict));
    }
}
