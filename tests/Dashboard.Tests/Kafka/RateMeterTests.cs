using Streaming.Dashboard.Kafka;

namespace Streaming.Dashboard.Tests.Kafka;

public sealed class RateMeterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private readonly RateMeter<string> _rates = new(TimeSpan.FromSeconds(10));

    [Fact]
    public void One_sample_is_no_rate() => Assert.Null(_rates.Note("a", 100, Noon));

    [Fact]
    public void The_rate_is_that_of_the_last_seconds()
    {
        _rates.Note("a", 0, Noon);
        for (var second = 1; second <= 100; second++)
        {
            Assert.Equal(50, _rates.Note("a", 50 * second, Noon.AddSeconds(second)));
        }

        double? rate = null;
        for (var second = 101; second <= 120; second++)
        {
            rate = _rates.Note("a", 5000, Noon.AddSeconds(second));
        }

        Assert.Equal(0, rate);
    }

    [Fact]
    public void A_topic_that_was_created_anew_begins_anew_and_never_runs_backwards()
    {
        _rates.Note("a", 1000, Noon);
        Assert.Null(_rates.Note("a", 3, Noon.AddSeconds(2)));
        Assert.Equal(1, _rates.Note("a", 5, Noon.AddSeconds(4)));
    }

    [Fact]
    public void After_a_long_silence_it_begins_anew()
    {
        _rates.Note("a", 1000, Noon);
        Assert.Null(_rates.Note("a", 2000, Noon.AddMinutes(5)));
    }

    [Fact]
    public void What_is_gone_is_forgotten()
    {
        _rates.Note("a", 1, Noon);
        _rates.Note("b", 1, Noon);
        _rates.Keep(new HashSet<string> { "b" });
        Assert.Null(_rates.Note("a", 5, Noon.AddSeconds(1)));
        Assert.Equal(4, _rates.Note("b", 5, Noon.AddSeconds(1)));
    }
}
