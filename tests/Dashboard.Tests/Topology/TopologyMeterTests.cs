using Streaming.Dashboard.Topology;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Topology;

/// <summary>Rates over the last ten seconds; what is not known is null and never zero.</summary>
public sealed class TopologyMeterTests
{
    private readonly TopologyMeter _meter = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));

    [Fact]
    public void One_sample_tells_no_rate() => Assert.Null(_meter.Add(Sample(0, windows: 100, stage: 50))[Flow.Read]);

    [Fact]
    public void Two_samples_tell_the_rates_of_all_counters()
    {
        _meter.Add(new TopologySample(Noon, Reading(0, ("p0", new FlowCounts(10, 0, 0, 0, 10))), Reading(0, ("a", default))));

        var rates = _meter.Add(new TopologySample(Noon.AddSeconds(5), Reading(5, ("p0", new FlowCounts(60, 10, 5, 5, 90))), Reading(5, ("a", new FlowCounts(20, 15, 10, 0, 45)))));

        Assert.Equal([10, 2, 1, 1, 16], new[] { Flow.Counted, Flow.Filtered, Flow.Rejected, Flow.Late, Flow.Read }.Select(flow => rates[flow]!.Value));
        Assert.Equal([4, 3, 2, 9], new[] { Flow.StagePublished, Flow.StageFiltered, Flow.StageRejected, Flow.StageTaken }.Select(flow => rates[flow]!.Value));
        Assert.Null(rates[Flow.NotCounted]);
    }

    [Fact]
    public void Closed_windows_and_alerts_have_rates_of_their_own()
    {
        _meter.Add(new TopologySample(Noon, FlowReading.None, FlowReading.None) { Outputs = Reading(0, ("a", new FlowCounts(100, 0, 0, 0, 4))) });

        var rates = _meter.Add(new TopologySample(Noon.AddSeconds(5), FlowReading.None, FlowReading.None) { Outputs = Reading(5, ("a", new FlowCounts(150, 0, 0, 0, 9)), ("b", Count(50))) });

        Assert.Equal((20, 11), (rates[Flow.Closed], rates[Flow.Alerted]));
        Assert.Null(rates[Flow.Read]);
    }

    [Fact]
    public void Only_the_last_ten_seconds_count()
    {
        _meter.Add(Sample(0, windows: 0));
        _meter.Add(Sample(5, windows: 1000));
        _meter.Add(Sample(15, windows: 1100));

        Assert.Equal(10, _meter.Add(Sample(25, windows: 1200))[Flow.Read]);
    }

    [Fact]
    public void A_silent_stage_that_is_alive_has_a_rate_of_zero()
    {
        _meter.Add(Sample(0, stage: 7));

        Assert.Equal(0, _meter.Add(Sample(5, stage: 7))[Flow.StageTaken]);
    }

    [Fact]
    public void Counters_that_nobody_writes_any_more_tell_nothing()
    {
        _meter.Add(Sample(0, windows: 7, stage: 7));

        var rates = _meter.Add(new TopologySample(Noon.AddSeconds(13), Reading(0, ("p0", Count(7))), Reading(0, ("a", Count(7)))));

        Assert.Null(rates[Flow.Read]);
        Assert.Null(rates[Flow.StageTaken]);
    }

    [Fact]
    public void A_pipeline_without_a_stage_has_no_rates_of_one()
    {
        _meter.Add(Sample(0, windows: 0));

        var rates = _meter.Add(Sample(5, windows: 50));

        Assert.Equal(10, rates[Flow.Read]);
        Assert.Null(rates[Flow.StageTaken]);
    }

    [Fact]
    public void Counters_that_become_smaller_begin_anew()
    {
        _meter.Add(Sample(0, windows: 1000));
        _meter.Add(Sample(5, windows: 1100));

        Assert.Null(_meter.Add(Sample(6, windows: 3))[Flow.Read]);
        Assert.Equal(2, _meter.Add(Sample(8, windows: 7))[Flow.Read]);
    }

    [Fact]
    public void An_instance_that_has_just_begun_counts_from_zero_and_one_that_is_gone_counts_no_more()
    {
        _meter.Add(new TopologySample(Noon, FlowReading.None, Reading(0, ("a", Count(100)))));
        _meter.Add(new TopologySample(Noon.AddSeconds(5), FlowReading.None, Reading(5, ("a", Count(150)), ("b", Count(30)))));

        Assert.Equal(16, _meter.Add(new TopologySample(Noon.AddSeconds(5.0), FlowReading.None, Reading(5, ("a", Count(150)), ("b", Count(30)))))[Flow.StageTaken]);
        Assert.Equal(8, _meter.Add(new TopologySample(Noon.AddSeconds(10), FlowReading.None, Reading(10, ("b", Count(80)))))[Flow.StageTaken]);
    }

    private static TopologySample Sample(int second, long? windows = null, long? stage = null) => new(
        Noon.AddSeconds(second),
        windows is { } w ? Reading(second, ("p0", Count(w))) : FlowReading.None,
        stage is { } s ? Reading(second, ("a", Count(s))) : FlowReading.None);

    private static FlowCounts Count(long read) => new(read, 0, 0, 0, read);

    private static FlowReading Reading(int second, params (string Id, FlowCounts Counts)[] counts) =>
        new(FlowReading.None.Counts.AddRange(counts.Select(count => KeyValuePair.Create(count.Id, count.Counts))), Noon.AddSeconds(second));
}
