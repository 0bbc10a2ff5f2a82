using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Streaming.Contracts;
using Streaming.Producer.Publishing;
using Streaming.Producer.Scenarios;
using Streaming.Producer.Scenarios.StoreSales;
using static Streaming.Producer.Tests.Eventually;

namespace Streaming.Producer.Tests;

public sealed class StoreSalesScenarioTests
{
    private static readonly (string Key, string Value)[] Settings =
        [("Producer:Format", "json"), ("Producer:EventsPerSecond", "20"), ("Producer:BackfillMinutes", "5"), ("Producer:OutOfOrderShare", "0"), ("Producer:LateShare", "0"), ("Producer:MalformedShare", "0")];

    [Fact]
    public async Task A_new_topic_gets_the_stores_and_history_once_then_sales_as_they_happen()
    {
        await using var cluster = await Cluster.StartAsync();
        var started = DateTimeOffset.UtcNow;
        var first = await RunAsync(cluster, deliveries => deliveries.Delivered > 3_000);
        var restarted = DateTimeOffset.UtcNow;
        var second = await RunAsync(cluster, deliveries => deliveries.Delivered > StoreCatalogue.Stores.Count + 10);

        Assert.Equal(
            StoreCatalogue.Stores.Select(profile => profile.Store),
            cluster.Read(Topics.Stores.Name, 1).Select(record => StoreJson.TryDecode(record.Message.Value, out _)!).Distinct());
        var records = cluster.Read(Topics.Sales.Name, Topics.Sales.Partitions);
        Assert.Equal(first + second - (2 * StoreCatalogue.Stores.Count), records.Count);
        var times = records.Select(record =>
        {
            Assert.Equal(SaleRejection.None, StoreSaleJson.Decode(record.Message.Key, record.Message.Value, out _, out var timestamp));
            return DateTimeOffset.FromUnixTimeMilliseconds(timestamp);
        }).ToList();
        Assert.InRange(times.Min(), started.AddMinutes(-5).AddSeconds(-1), started.AddMinutes(-4));
        Assert.Contains(times, time => time >= restarted);
        Assert.Equal(first - StoreCatalogue.Stores.Count, times.Count(time => time < restarted.AddMilliseconds(-1)), tolerance: 3.0);
        Assert.All(records.Zip(times).GroupBy(pair => Text(pair.First.Message.Key)), store =>
            Assert.Equal(store.Select(pair => pair.Second).Order(), store.Select(pair => pair.Second)));
    }

    [Fact]
    public async Task Unpaced_sales_bear_the_time_at_which_they_were_sent()
    {
        await using var cluster = await Cluster.StartAsync();
        var started = DateTimeOffset.UtcNow;

        await RunAsync(cluster, deliveries => deliveries.Delivered > 20_000, ("Producer:EventsPerSecond", "0"),
            ("Aspire:Confluent:Kafka:Producer:Config:QueueBufferingMaxMessages", "2000"));

        var records = cluster.Read(Topics.Sales.Name, Topics.Sales.Partitions);
        Assert.True(records.Count >= 20_000 - StoreCatalogue.Stores.Count);
        Assert.All(records, record =>
        {
            StoreSaleJson.Decode(record.Message.Key, record.Message.Value, out _, out var timestamp);
            Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(timestamp), started.AddMilliseconds(-1), DateTimeOffset.UtcNow);
        });
    }

    /// <summary>Runs the scenario until the condition holds, checks that it is healthy, stops it; the number of delivered records.</summary>
    private static async Task<long> RunAsync(Cluster cluster, Func<Deliveries, bool> until, params (string Key, string Value)[] settings)
    {
        using var host = cluster.Host(services => services.AddSingleton<SaleFormFinder>().AddSingleton<StoreSalesScenario>().AddHostedService<ScenarioWorker<StoreSalesScenario>>(), [.. Settings, .. settings]);
        var deliveries = host.Services.GetRequiredService<Deliveries>();
        await host.StartAsync();
        await True(() => until(deliveries), "enough is delivered");
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        await host.StopAsync();

        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal((0, 0), (deliveries.Failed, deliveries.InQueue));
        return deliveries.Delivered;
    }
}
