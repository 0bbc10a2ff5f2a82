using Streaming.Aggregator.Control;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;
using Xunit;

namespace Streaming.Aggregator.Tests.Control;

/// <summary>The rules of docs/semantics.md, "How covers_from is found". Instants in seconds; out-of-orderness 5 s, future bound 60 s.</summary>
public sealed class CoverageExamples
{
    private static readonly CoverageFacts Facts = new(AskedMs: null, IsAppendTime: true, IsSameDefinition: true, FormerCoversFromMs: null, ReplacedWatermarkMs: null, NowMs: 9_000_000);

    [Fact]
    public void Nothing_is_missing_when_every_partition_begins_at_offset_0() =>
        Assert.Null(From(Facts with { AskedMs = 1_000_000 }, Start(0, first: 1_000_000), Start(0, first: null)));

    [Fact]
    public void First_retained_records_timestamp_and_the_future_bound_limit_what_is_missing() =>
        Assert.Equal(1_060_001, From(Facts with { IsSameDefinition = false }, Start(10, logStart: 10, first: 1_000_000), Start(0, first: null)));

    [Fact]
    public void Largest_bound_of_all_partitions_decides() =>
        Assert.Equal(2_060_001, From(Facts with { IsSameDefinition = false }, Start(10, logStart: 10, first: 1_000_000), Start(3, logStart: 3, first: 2_000_000)));

    [Fact]
    public void Asked_instant_bounds_what_is_before_it_even_where_producers_set_the_timestamps_if_the_log_is_whole()
    {
        var asked = Facts with { AskedMs = 500_000, IsAppendTime = false, IsSameDefinition = false };

        Assert.Equal(560_001, From(asked, Start(10, logStart: 0, first: 700_000)));
        Assert.Equal(9_060_001, From(asked, Start(10, logStart: 5, first: 700_000)));
    }

    [Fact]
    public void Former_watermark_bounds_what_it_has_seen_of_the_same_definition_only()
    {
        var start = Start(10, logStart: 10, first: 1_000_000, former: new(20, 900_000));

        Assert.Equal(905_001, From(Facts, start));
        Assert.Equal(1_060_001, From(Facts with { IsSameDefinition = false }, start));
        Assert.Equal(1_060_001, From(Facts, start with { Former = new(9, 900_000) }));
    }

    [Fact]
    public void Former_generation_that_accepted_nothing_before_the_start_misses_nothing_but_what_it_lacked_itself()
    {
        var start = Start(10, logStart: 10, first: null, former: new(10, null));

        Assert.Null(From(Facts, start));
        Assert.Equal(400_001, From(Facts with { FormerCoversFromMs = 400_000 }, start));
    }

    [Fact]
    public void Empty_log_of_another_definition_is_taken_at_its_worst() =>
        Assert.Equal(9_060_001, From(Facts with { IsSameDefinition = false }, Start(10, logStart: 10, first: null, former: new(10, 100_000))));

    [Fact]
    public void Topic_that_is_gone_counts_with_its_watermark() =>
        Assert.Equal(305_001, From(Facts with { ReplacedWatermarkMs = 300_000 }, Start(0, first: 1_000_000)));

    [Fact]
    public void Sessions_begin_a_gap_later_because_a_missing_event_could_be_their_first()
    {
        var sessions = Plan(new SessionWindows("s", TimeSpan.FromSeconds(30)));

        Assert.Equal(1_090_001, Coverage.FromMs([Start(10, logStart: 10, first: 1_000_000)], Facts with { IsSameDefinition = false }, sessions));
    }

    [Fact]
    public void Window_can_be_open_until_its_size_and_the_grace_have_passed()
    {
        Assert.Equal(1_070_000, Coverage.ClosedAtMs(1_000_000, Plan(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)))));
    }

    private static long? From(CoverageFacts facts, params PartitionStart[] starts) => Coverage.FromMs(starts, facts, Plan(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))));

    private static PartitionStart Start(long offset, long? first, long logStart = 0, FormerProgress? former = null) => new(0, offset, logStart, first, former);

    private static WindowPlan Plan(WindowSpec window) => new([window], TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
}
