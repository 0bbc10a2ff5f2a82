using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Pipelines;

public class PipelineStatusTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    [Fact]
    public void What_is_not_known_is_null_and_never_zero()
    {
        var status = PipelineStatus.Of(Info(Description()), Noon, StaleAfter);

        Assert.Equal(PipelineState.NotStarted, status.State);
        Assert.Equal((null, null, null, null, null), (status.WatermarkAge, status.Lag, status.Events, status.Late, status.Rejected));
    }

    [Fact]
    public void Figures_are_of_all_partitions_and_the_watermark_is_the_slowest_ones()
    {
        var status = PipelineStatus.Of(Info(Description(), Partition(0, Minute(-1)), Partition(1, Minute(-3))), Noon, StaleAfter);

        Assert.Equal((PipelineState.Running, TimeSpan.FromMinutes(3), 1), (status.State, status.WatermarkAge, status.SlowestPartition));
        Assert.Equal((20, 80, 2, 4, 6), (status.Lag, status.Events, status.Late, status.Rejected, status.Filtered));
    }

    [Fact]
    public void Silence_paused_and_unreadable_are_told_apart()
    {
        var partition = Partition(0, Noon, updated: Noon.AddMinutes(-1));

        Assert.Equal((PipelineState.Stale, TimeSpan.FromMinutes(1)), (PipelineStatus.Of(Info(Description(), partition), Noon, StaleAfter) is var s ? s.State : default, s.For));
        Assert.Equal(PipelineState.Paused, PipelineStatus.Of(Info(Description(), partition) with { IsPaused = true }, Noon, StaleAfter).State);
        Assert.Equal(PipelineState.Unreadable, PipelineStatus.Of(Info(null, partition), Noon, StaleAfter).State);
    }

    [Fact]
    public void A_replay_tells_the_part_of_the_records_that_it_has_read()
    {
        // 46 records read, 154 left: the log does not begin at offset 0.
        var building = Partition(0, Minute(-60), generation: 2, end: 244);
        var info = new PipelineInfo("p", 1, false,
            [new PipelineGenerationInfo(1, "active", Description().ToJson(), null, true), new PipelineGenerationInfo(2, "building", Description().ToJson(), null, false)], [Partition(0, Noon), building]);

        var status = PipelineStatus.Of(info, Noon, StaleAfter);

        Assert.Equal((PipelineState.Replaying, 0.23), (status.State, status.Replayed));
        Assert.Equal(40, status.Events);
    }

    [Fact]
    public void A_replay_that_nobody_computes_is_silent_and_one_that_writes_is_not()
    {
        var json = Description().ToJson();
        PipelineStatus Of(DateTimeOffset former, DateTimeOffset building) => PipelineStatus.Of(
            new PipelineInfo("p", 1, false,
                [new PipelineGenerationInfo(1, "active", json, null, true), new PipelineGenerationInfo(2, "building", json, null, false)],
                [Partition(0, Noon, updated: former), Partition(0, Minute(-60), generation: 2, updated: building)]),
            Noon, StaleAfter);

        Assert.Equal((PipelineState.Stale, TimeSpan.FromMinutes(2)), (Of(Minute(-3), Minute(-2)).State, Of(Minute(-3), Minute(-2)).For));
        Assert.Equal(PipelineState.Replaying, Of(Minute(-3), Noon.AddSeconds(-1)).State);
    }

    [Fact]
    public void Coverage_goes_back_through_the_generations_that_were_shown()
    {
        var json = Description().ToJson();
        var info = new PipelineInfo("p", 4, false,
        [
            new PipelineGenerationInfo(1, "retired", json, null, true), new PipelineGenerationInfo(2, "retired", json, Minute(1), true),
            new PipelineGenerationInfo(3, "retired", json, Minute(0), false), new PipelineGenerationInfo(4, "active", json, Minute(2), true), new PipelineGenerationInfo(5, "building", json, null, false),
        ],
            []);

        Assert.Equal([(4, Minute(2).ToUnixTimeMilliseconds()), (2, Minute(1).ToUnixTimeMilliseconds()), (1, long.MinValue)], info.Covers().Select(c => (c.Generation, c.FromMs)));
    }
}
