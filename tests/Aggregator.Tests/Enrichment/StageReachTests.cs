using Streaming.Aggregator.Enrichment;
using Xunit;

namespace Streaming.Aggregator.Tests.Enrichment;

/// <summary>Until when everything that came into a stage's source is published, by the ends of the source's logs and the stage's progress.</summary>
public sealed class StageReachTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private readonly Progress _progress = new();
    private readonly HandClock _clock = new();

    [Fact]
    public async Task A_source_that_is_read_to_its_end_is_published_until_now()
    {
        _progress.Set((10, 10), (0, 0));

        Assert.Equal(Now, await AskAsync(Reach()));
    }

    [Fact]
    public async Task A_stage_that_is_behind_has_published_until_when_it_had_caught_up()
    {
        var reach = Reach();
        _progress.Set((10, 10));
        await AskAsync(reach);

        _progress.Set((10, 15));
        Assert.Equal(Now, await AskAsync(reach, afterSeconds: 40));
        Assert.Equal(Now, await AskAsync(reach, afterSeconds: 40));

        _progress.Set((15, 15));
        Assert.Equal(Now.AddSeconds(120), await AskAsync(reach, afterSeconds: 40));
    }

    [Fact]
    public async Task A_source_that_is_never_empty_is_published_until_the_ends_that_the_stage_has_passed()
    {
        var reach = Reach();
        _progress.Set((97, 100), (50, 50));
        Assert.Null(await AskAsync(reach));

        _progress.Set((197, 200), (50, 50));
        Assert.Equal(Now, await AskAsync(reach, afterSeconds: 1));

        _progress.Set((297, 300), (50, 50));
        Assert.Equal(Now.AddSeconds(1), await AskAsync(reach, afterSeconds: 1));
    }

    [Fact]
    public async Task One_partition_that_stands_still_holds_all_back()
    {
        var reach = Reach();
        _progress.Set((100, 100), (50, 60));
        await AskAsync(reach);

        _progress.Set((200, 200), (50, 60));

        Assert.Equal(DateTimeOffset.MinValue, await AskAsync(reach, afterSeconds: 100));
    }

    [Fact]
    public async Task A_stage_that_does_not_pass_the_ends_of_the_first_look_has_published_nothing_that_is_known()
    {
        var reach = Reach();
        _progress.Set((97, 100));
        Assert.Null(await AskAsync(reach));

        _progress.Set((98, 110));
        Assert.Equal(DateTimeOffset.MinValue, await AskAsync(reach, afterSeconds: 1));
    }

    [Fact]
    public async Task It_asks_no_more_often_than_the_interval()
    {
        var reach = Reach();
        await AskAsync(reach);
        await AskAsync(reach, afterSeconds: 0.5);
        Assert.Equal(1, _progress.Questions);

        await AskAsync(reach, afterSeconds: 0.5);
        Assert.Equal(2, _progress.Questions);
    }

    [Fact]
    public async Task What_was_not_yet_in_the_source_when_it_was_asked_about_is_not_published()
    {
        _progress.Set((10, 10));

        Assert.Equal(Now.AddSeconds(-50), await Reach().UntilAsync(Now.AddSeconds(-50), CancellationToken.None));
    }

    [Fact]
    public async Task A_stage_that_never_ran_holds_up_only_the_process_that_runs_it()
    {
        _progress.Set((0, 10));
        _progress.HasProgress = false;

        Assert.Equal(DateTimeOffset.MinValue, await AskTwiceAsync(Reach(isRunHere: true)));
        Assert.Equal(DateTimeOffset.MaxValue, await AskTwiceAsync(Reach(isRunHere: false)));
        _progress.HasProgress = true;
        Assert.Equal(DateTimeOffset.MinValue, await AskTwiceAsync(Reach(isRunHere: false)));
    }

    private StageReach Reach(bool isRunHere = true) => new("source", "group", isRunHere, _progress, TimeSpan.FromSeconds(1), _clock);

    private async Task<DateTimeOffset?> AskTwiceAsync(StageReach reach)
    {
        await AskAsync(reach);
        return await AskAsync(reach, afterSeconds: 1);
    }

    private Task<DateTimeOffset?> AskAsync(StageReach reach, double afterSeconds = 0)
    {
        _clock.Passed += TimeSpan.FromSeconds(afterSeconds);
        return reach.UntilAsync(DateTimeOffset.MaxValue, CancellationToken.None);
    }

    private sealed class Progress : IStageProgressQuery
    {
        private (long Next, long End)[] _partitions = [];

        public int Questions { get; private set; }

        public bool HasProgress { get; set; } = true;

        public void Set(params (long Next, long End)[] partitions) => _partitions = partitions;

        public Task<IReadOnlyDictionary<int, StagePosition>> AskAsync(string source, string group, CancellationToken cancellationToken)
        {
            Questions++;
            return Task.FromResult<IReadOnlyDictionary<int, StagePosition>>(
                _partitions.Select((partition, number) => (number, partition)).ToDictionary(p => p.number, p => new StagePosition(p.partition.Next, p.partition.End, HasProgress)));
        }
    }

    private sealed class HandClock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;

        public override DateTimeOffset GetUtcNow() => Now + Passed;
    }
}
