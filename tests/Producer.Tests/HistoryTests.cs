using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Streaming.Contracts;
using Streaming.Producer.Publishing;
using Streaming.Producer.Scenarios;
using static Streaming.Producer.Tests.Eventually;

namespace Streaming.Producer.Tests;

public sealed class HistoryTests
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_history_that_is_being_sent_does_not_hold_up_the_stop()
    {
        await using var cluster = await Cluster.StartAsync();
        using var host = cluster.Host(services => services.AddSingleton<EndlessPast>().AddHostedService<ScenarioWorker<EndlessPast>>());
        var deliveries = host.Services.GetRequiredService<Deliveries>();
        await host.StartAsync();
        await True(() => deliveries.Delivered > 1000, "the history is under way");

        await host.StopAsync().WaitAsync(s_bound);

        Assert.Equal((0, 0), (deliveries.Failed, deliveries.InQueue));
    }

    /// <summary>A scenario that never arrives at the present.</summary>
    private sealed class EndlessPast : IScenario
    {
        public string Name => "past";

        public string Title => "an endless past";

        public IReadOnlyList<TopicDeclaration> Topics { get; } = [Contracts.Topics.Prices];

        public TimeSpan History => TimeSpan.FromDays(1);

        public IEnumerable<OutgoingRecord> References() => [];

        public IEnumerable<OutgoingRecord> From(DateTimeOffset start)
        {
            while (true)
            {
                yield return new OutgoingRecord(start, Contracts.Topics.Prices.Name, [1], [1]);
            }
        }
    }
}
