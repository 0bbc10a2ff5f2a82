using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

public class QuantileSketchTests
{
    [Fact]
    public void A_value_that_is_added_many_times_at_once_counts_as_often()
    {
        var once = new QuantileSketch();
        once.Add(40, 3);
        once.Add(100);
        var each = new QuantileSketch();
        foreach (var value in new long[] { 40, 100, 40, 40 })
        {
            each.Add(value);
        }

        Assert.Equal(each.Encode(), once.Encode());
        Assert.Equal((4, 40, 100), (once.Count, once.Quantile(0.5), once.Quantile(1)));
    }

    [Fact]
    public void Sketches_come_back_from_their_bytes_and_merge_exactly()
    {
        QuantileSketch all = new(), even = new(), odd = new();
        for (var i = 0; i < 5000; i++)
        {
            all.Add(i * 37L);
            (i % 2 == 0 ? even : odd).Add(i * 37L);
        }

        var merged = QuantileSketch.Decode(even.Encode());
        merged.Merge(QuantileSketch.Decode(odd.Encode()));

        Assert.Equal(all.Encode(), merged.Encode());
        Assert.Equal(all.Quantile(0.99), merged.Quantile(0.99));
    }

    [Fact]
    public void An_empty_one_has_no_quantile()
    {
        var empty = QuantileSketch.Decode(new QuantileSketch().Encode());

        Assert.Equal((0, null), (empty.Count, empty.Quantile(0.5)));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 127 })]
    public void Other_bytes_are_refused(byte[] bytes) => Assert.Throws<MeasureStateException>(() => QuantileSketch.Decode(bytes));

    [Fact]
    public void Of_recent_values_those_count_that_are_not_older_than_the_time()
    {
        var time = new SteppedTime();
        var recent = new RecentQuantiles(time, TimeSpan.FromSeconds(60), parts: 12);
        recent.Add(10, 5);
        time.Step(TimeSpan.FromSeconds(30));
        recent.Add(20);

        Assert.Equal(6, recent.Read().Count);
        time.Step(TimeSpan.FromSeconds(31));
        Assert.Equal((1, 20), (recent.Read().Count, recent.Read().Quantile(0.5)));
        time.Step(TimeSpan.FromSeconds(60));
        Assert.Equal(0, recent.Read().Count);
        recent.Add(30);
        Assert.Equal(30, recent.Read().Quantile(0.5));
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _timestamp = TimeSpan.FromDays(3).Ticks + 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;

        public void Step(TimeSpan by) => _timestamp += by.Ticks;
    }
}
