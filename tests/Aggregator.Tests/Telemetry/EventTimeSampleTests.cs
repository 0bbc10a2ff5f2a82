using Streaming.Aggregator.Consuming;

namespace Streaming.Aggregator.Tests.Telemetry;

public sealed class EventTimeSampleTests
{
    [Fact]
    public void Few_events_are_all_picked()
    {
        var sample = new EventTimeSample();
        for (var i = 0; i < 64; i++)
        {
            sample.Note(i);
        }

        var taken = sample.Take();
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (long)i), taken.Ms);
        Assert.Equal(1, taken.Each);
        Assert.Empty(sample.Take().Ms);
    }

    [Theory]
    [InlineData(65, 2)]
    [InlineData(1000, 16)]
    [InlineData(100_000, 2048)]
    public void Many_events_are_picked_evenly_and_each_stands_for_as_many(int events, long each)
    {
        var sample = new EventTimeSample();
        for (var i = 0; i < events; i++)
        {
            sample.Note(i);
        }

        var taken = sample.Take();
        Assert.Equal(each, taken.Each);
        Assert.Equal(Enumerable.Range(0, taken.Ms.Count).Select(i => i * each), taken.Ms);
        Assert.InRange(taken.Ms.Count * each, events, events + each - 1);
        Assert.InRange(taken.Ms.Count, 32, 64);
    }
}
