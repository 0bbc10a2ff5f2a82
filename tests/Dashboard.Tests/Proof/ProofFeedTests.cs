using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Proof;

namespace Streaming.Dashboard.Tests.Proof;

[Collection(SharedDatabase.Name)]
public sealed class ProofFeedTests(DatabaseServer server) : IAsyncLifetime
{
    private static readonly DateTimeOffset Zero = ProofRange.Floor(DateTimeOffset.UtcNow) - TimeSpan.FromMinutes(30);

    private SeededEvents _seeded = null!;

    public async Task InitializeAsync() => _seeded = new SeededEvents(await server.MigratedAsync());

    public async Task DisposeAsync() => await _seeded.DisposeAsync();

    [Fact]
    public async Task A_row_that_is_tampered_with_is_marked_while_somebody_looks()
    {
        await _seeded.WriteAsync([.. Sales()]);
        await using var feed = Feed(new DashboardOptions { PollInterval = TimeSpan.FromMilliseconds(100) });
        using var subscription = feed.Live.Subscribe();
        await UntilAsync(subscription, proof => proof.Table is { Compared: 2, Differing: 0 });

        await _seeded.RunAsync("""UPDATE events SET "values"[1] = 999 WHERE "offset" = 1""");

        var marked = await UntilAsync(subscription, proof => proof.Table is { Differing: 1 });
        Assert.Equal(Zero, marked.Table!.Minutes.Single(minute => minute.State == ProofState.Differs).Start);
    }

    [Fact]
    public async Task More_keys_than_fit_on_a_page_are_told_and_do_not_end_the_feed()
    {
        await _seeded.WriteAsync([.. Sales()]);
        await using var feed = Feed(new DashboardOptions { PollInterval = TimeSpan.FromMilliseconds(100), MaxPastRows = 1 });
        using var subscription = feed.Live.Subscribe();

        var first = await UntilAsync(subscription, proof => proof.Health.Condition == FeedCondition.Failing);
        var second = await UntilAsync(subscription, proof => proof.Health.Condition == FeedCondition.Failing);

        Assert.NotSame(first, second);
        Assert.Contains("too many keys", second.Health.Reason, StringComparison.Ordinal);
    }

    private static IEnumerable<Sale> Sales() => Enumerable.Range(0, 4).Select(i => new Sale(0, i, Zero.AddSeconds(30 * i), i % 2 == 0 ? "CH" : "DE", 100));

    private ProofFeed Feed(DashboardOptions settings)
    {
        var options = Options.Create(settings);
        return new ProofFeed(
            _seeded.Database, new ProofReader(_seeded.Database, new PipelineReader(_seeded.Database, options), options), options, TimeProvider.System, NullLogger<ProofFeed>.Instance);
    }

    private static async Task<ProofSnapshot> UntilAsync(Subscription<ProofSnapshot> subscription, Func<ProofSnapshot, bool> condition)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await subscription.NextAsync(bound.Token) is var snapshot && condition(snapshot))
            {
                return snapshot;
            }
        }
    }
}
