using Streaming.Dashboard.Feed;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Feed;

public class PaceAndRateTests
{
    [Fact]
    public void A_cheap_page_is_updated_four_times_a_second_and_not_more()
    {
        var pace = new RenderPace(TimeSpan.FromMilliseconds(250));
        pace.Record(TimeSpan.FromMilliseconds(5));

        Assert.Equal(TimeSpan.FromMilliseconds(250), pace.Interval);
    }

    [Fact]
    public void A_page_that_is_slow_to_render_is_updated_more_rarely_and_recovers()
    {
        var pace = new RenderPace(TimeSpan.FromMilliseconds(250));
        pace.Record(TimeSpan.FromMilliseconds(500));
        Assert.Equal(TimeSpan.FromSeconds(2), pace.Interval);

        for (var i = 0; i < 30; i++)
        {
            pace.Record(TimeSpan.FromMilliseconds(10));
        }

        Assert.Equal(TimeSpan.FromMilliseconds(250), pace.Interval);
    }

    [Fact]
    public void The_rate_forgets_what_is_older_than_its_window()
    {
        var rate = new EventRate(TimeSpan.FromSeconds(10));
        rate.Add(Noon, 0);
        for (var second = 1; second <= 30; second++)
        {
            rate.Add(Noon.AddSeconds(second), 1000 + (second * 5));
        }

        Assert.Equal(5, rate.PerSecond);
    }

    [Fact]
    public void A_total_that_shrinks_begins_a_new_rate()
    {
        var rate = new EventRate(TimeSpan.FromSeconds(10));
        rate.Add(Noon, 1000);
        rate.Add(Noon.AddSeconds(5), 10);

        Assert.Null(rate.PerSecond);
    }
}
