using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Windowing;
using Xunit;

namespace Streaming.Aggregator.Tests.Control;

public sealed class TrailExamples
{
    [Fact]
    public void Nothing_may_be_read_before_the_former_generation_is_known()
    {
        var trail = new Trail(7);

        Assert.Equal(7, trail.Limit);
        Assert.False(trail.MayUseClock(7));
    }

    [Fact]
    public void Building_generation_reads_up_to_the_formers_checkpoint_and_uses_no_clock()
    {
        var trail = new Trail(0);
        trail.Learn(new TrailNews(IsActive: false, 100, []), 0);

        Assert.Equal(100, trail.Limit);
        Assert.Equal(100, trail.AskFrom);
        Assert.False(trail.MayUseClock(100));
    }

    [Fact]
    public void Marks_come_before_the_record_at_their_offset_and_after_those_below()
    {
        var trail = new Trail(0);
        trail.Learn(new TrailNews(IsActive: false, 100, [new IdleMark(5, 1000), new IdleMark(9, 2000)]), 0);

        Assert.False(trail.TryTake(4, out _));
        Assert.True(trail.TryTake(5, out var mark));
        Assert.Equal(new IdleMark(5, 1000), mark);
        Assert.False(trail.TryTake(8, out _));
    }

    [Fact]
    public void Former_that_stands_behind_the_start_or_has_no_checkpoint_sets_no_limit()
    {
        var behind = new Trail(50);
        behind.Learn(new TrailNews(IsActive: false, 20, []), 50);
        var none = new Trail(50);
        none.Learn(new TrailNews(IsActive: false, null, []), 50);

        Assert.Equal(long.MaxValue, behind.Limit);
        Assert.Equal(long.MaxValue, none.Limit);
        Assert.False(behind.MayUseClock(60));
    }

    [Fact]
    public void After_the_take_over_the_clock_waits_for_the_formers_last_checkpoint_and_last_mark()
    {
        var trail = new Trail(90);
        trail.Learn(new TrailNews(IsActive: true, 100, [new IdleMark(100, 5000)]), 90);

        Assert.Equal(long.MaxValue, trail.Limit);
        Assert.False(trail.MayUseClock(99));
        Assert.False(trail.MayUseClock(100));
        Assert.True(trail.TryTake(100, out _));
        Assert.True(trail.MayUseClock(100));
    }

    [Fact]
    public void Take_over_is_due_when_every_partition_has_come_as_far_as_the_former_was_before()
    {
        Dictionary<int, long> goals = new() { [0] = 10, [1] = 20 };
        Dictionary<int, long> former = new() { [0] = 15, [1] = 20, [2] = 5 };

        Assert.True(TakeOver.IsReached(goals, former, new Dictionary<int, long> { [0] = 10, [1] = 20, [2] = 5, [3] = 0 }));
        Assert.False(TakeOver.IsReached(goals, former, new Dictionary<int, long> { [0] = 10, [1] = 19, [2] = 5 }));
        Assert.False(TakeOver.IsReached(goals, former, new Dictionary<int, long> { [0] = 10, [1] = 20, [2] = 4 }));
        Assert.False(TakeOver.IsReached(goals, former, new Dictionary<int, long> { [0] = 10, [1] = 20 }));
    }
}
