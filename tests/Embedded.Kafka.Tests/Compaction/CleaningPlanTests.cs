using System.Globalization;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Storage.Compaction;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>When a log is cleaned, and how much of it. Segments of 100 bytes and 10 offsets, one every 1,000 ms from 1,000 on.</summary>
public class CleaningPlanTests
{
    private const long Now = 100_000;

    [Theory]
    [InlineData(0, 0.5, 40L)]
    [InlineData(20, 0.4, 40L)]
    [InlineData(20, 0.5, null)] // exactly half is not more than half
    [InlineData(30, 0.2, 40L)]
    [InlineData(40, 0, null)] // nothing is dirty
    [InlineData(25, 0.4, 40L)] // a segment that is dirty in part counts whole
    [InlineData(99, 0.9, 40L)] // behind the log's end: all of it again
    public void A_log_is_cleaned_when_its_dirty_share_is_above_the_ratio(long firstDirty, double ratio, long? end) =>
        Assert.Equal(end, CleaningPlan.For(Log(firstDirty), Config(("min.cleanable.dirty.ratio", ratio.ToString(CultureInfo.InvariantCulture))), Now)?.EndOffset);

    [Theory]
    [InlineData(40, 40L)]
    [InlineData(39, 30L)]
    [InlineData(9, null)]
    public void Only_segments_that_end_at_or_before_the_last_stable_offset_are_cleaned(long lastStable, long? end) =>
        Assert.Equal(end, CleaningPlan.For(Log(0) with { LastStableOffset = lastStable }, Config(), Now)?.EndOffset);

    [Theory]
    [InlineData(96_000, 40L)]
    [InlineData(96_001, 30L)]
    [InlineData(99_500, null)]
    public void Only_segments_older_than_the_shortest_lag_are_cleaned(long lag, long? end) =>
        Assert.Equal(end, CleaningPlan.For(Log(0), Config(("min.compaction.lag.ms", $"{lag}")), Now)?.EndOffset);

    [Theory]
    [InlineData(95_999, true)]
    [InlineData(96_000, false)]
    public void A_dirty_record_older_than_the_longest_lag_makes_a_cleaning_overdue(long lag, bool isOverdue)
    {
        var plan = CleaningPlan.For(Log(30), Config(("min.cleanable.dirty.ratio", "0.9"), ("max.compaction.lag.ms", $"{lag}")), Now);

        Assert.Equal(isOverdue, plan?.IsOverdue == true);
    }

    [Theory]
    [InlineData(Now, Now - 5_000, true)]
    [InlineData(Now + 1, Now - 5_000, false)]
    [InlineData(Now, Now - 4_999, false)] // not more often than deletions are kept
    public void Deletions_that_have_come_due_make_a_cleaning_overdue(long horizon, long lastPass, bool isOverdue)
    {
        var log = Log(40) with { Progress = new CleanerCheckpoint(40, lastPass, horizon) };

        Assert.Equal(isOverdue, CleaningPlan.For(log, Config(("delete.retention.ms", "5000")), Now)?.IsOverdue == true);
    }

    [Fact]
    public void A_topic_that_is_not_compacted_is_never_cleaned() =>
        Assert.Null(CleaningPlan.For(Log(0), Config(("cleanup.policy", "delete")), Now));

    private static LogFacts Log(long firstDirty) => new(
        [.. Enumerable.Range(0, 4).Select(i => new ClosedSegment(i * 10, 100, 1_000 * (i + 1), 1_000 * (i + 1)))], 40, 0, 60, new CleanerCheckpoint(firstDirty, 0, long.MaxValue));

    private static TopicConfig Config(params (string Key, string Value)[] configs) =>
        TopicConfig.Parse(
            configs.ToDictionary(config => config.Key, config => config.Value),
            new Dictionary<string, string> { ["cleanup.policy"] = "compact", ["min.cleanable.dirty.ratio"] = "0" });
}
