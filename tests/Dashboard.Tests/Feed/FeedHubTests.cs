using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Tests.Feed;

public class FeedHubTests
{
    private readonly FeedHub _hub = new();

    [Fact]
    public async Task A_new_browser_gets_the_newest_snapshot_at_once()
    {
        _hub.Publish(new FeedSnapshot { Number = 7 });
        using var subscription = _hub.Subscribe();

        Assert.Equal(7, (await subscription.NextAsync(Soon())).Number);
    }

    [Fact]
    public async Task A_slow_browser_skips_to_the_newest_snapshot()
    {
        using var subscription = _hub.Subscribe();
        for (var number = 1; number <= 100; number++)
        {
            _hub.Publish(new FeedSnapshot { Number = number });
        }

        Assert.Equal(100, (await subscription.NextAsync(Soon())).Number);
        var next = subscription.NextAsync(Soon());
        Assert.False(next.IsCompleted);
        _hub.Publish(new FeedSnapshot { Number = 101 });
        Assert.Equal(101, (await next).Number);
    }

    [Fact]
    public void A_browser_that_left_is_forgotten()
    {
        _hub.Subscribe().Dispose();

        Assert.Equal(0, _hub.Count);
    }

    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;
}
