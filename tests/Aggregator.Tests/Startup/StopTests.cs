using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Xunit;

namespace Streaming.Aggregator.Tests.Startup;

/// <summary>
/// Aggregators are stopped, hurried or thrown away at random moments, also in the middle of their start. Whoever used a client of Kafka after it was freed would end
/// the tests' process. By hand for longer: STREAMING_STOPS=300 (rounds), STREAMING_SEED=7.
/// </summary>
[Collection(PostgresForFaults.Name)]
public sealed class StopTests(PostgresFixture postgres)
{
    private const int SalesPerRound = 50;
    private const string Pipelines = "sales-by-country,sales-by-store,weather-by-city";

    private static readonly int Rounds = Setting("STREAMING_STOPS", 10);
    private static readonly int Seed = Setting("STREAMING_SEED", 1);

    [Fact]
    public async Task Aggregators_that_end_at_any_moment_leave_nothing_behind_and_the_next_one_counts_every_event_once()
    {
        var random = new Random(Seed);
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await KafkaTopics.EnsureAsync(new ClientConfig { BootstrapServers = stage.BootstrapServers }, [Topics.Sales], NullLogger.Instance, CancellationToken.None);
        for (var round = 0; round < Rounds; round++)
        {
            var host = await StartAsync(stage);
            var sending = stage.ProduceAsync(Sales.Random(SalesPerRound, seed: round));
            // As often while it starts as while it works.
            await Task.Delay(random.Next(2) == 0 ? random.Next(250) : random.Next(1500));
            await EndAsync(stage, host, random.Next(3));
            await sending;
        }

        await StartAsync(stage);
        var sent = Rounds * SalesPerRound;
        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT count(*) FROM (SELECT 1 FROM checkpoints GROUP BY pipeline HAVING sum(events + late) = " + sent + ") AS done") == 2,
            $"{sent} sales are counted by two pipelines, seed {Seed}", () => Task.FromResult(stage.Lines.ToString()));

        Assert.Equal(sent, stage.ReadAll(Topics.SalesEnriched).Count);
    }

    private static Task<IHost> StartAsync(PipelineStage stage) => stage.StartAggregatorAsync(
        ("Pipelines", Pipelines), ("EnrichmentWait", "00:00:00"), ("SessionTimeout", "00:00:06"), ("IdleTimeout", "00:00:00.100"));

    private static async Task EndAsync(PipelineStage stage, IHost host, int how)
    {
        switch (how)
        {
            case 0:
                await stage.StopAsync(host);
                break;
            case 1:
                // The host has no time: it gives up waiting at once.
                await host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stage.Abandon(host);
                break;
            default:
                stage.Abandon(host);
                break;
        }
    }

    private static int Setting(string name, int value) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : value;
}
