using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Streaming.Producer.Publishing;
using static Streaming.Producer.Tests.Eventually;

namespace Streaming.Producer.Tests;

public sealed class EventPublisherTests
{
    // The hashes are those of Kafka's own test of murmur2 (clients, UtilsTest); a partition is the hash without its sign, modulo the number.
    private static readonly Dictionary<string, int> Murmur2 = new()
    {
        ["21"] = -973932308,
        ["foobar"] = -790332482,
        ["a-little-bit-long-string"] = -985981536,
        ["a-little-bit-longer-string"] = -1486304829,
        ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8"] = -58897971,
        ["abc"] = 479470107,
    };

    [Fact]
    public async Task Keys_are_placed_as_java_s_client_places_them()
    {
        await using var cluster = await Cluster.StartAsync();
        using var host = cluster.Host();
        await CreateTopicsAsync(cluster);
        var publisher = host.Services.GetRequiredService<EventPublisher>();

        foreach (var key in Murmur2.Keys)
        {
            await publisher.PublishAsync(Topics.Sales.Name, Bytes(key), Bytes("{}"), CancellationToken.None);
        }

        publisher.Flush(TimeSpan.FromSeconds(30));

        var placed = cluster.Read(Topics.Sales.Name, Topics.Sales.Partitions)
            .ToDictionary(record => Text(record.Message.Key), record => record.Partition.Value);
        Assert.Equal(Murmur2.ToDictionary(pair => pair.Key, pair => (pair.Value & int.MaxValue) % Topics.Sales.Partitions), placed);
    }

    [Fact]
    public async Task Who_is_to_stop_hands_over_no_further_event_also_when_the_client_would_take_it()
    {
        await using var cluster = await Cluster.StartAsync();
        using var host = cluster.Host();
        var publisher = host.Services.GetRequiredService<EventPublisher>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => publisher.PublishAsync(Topics.Sales.Name, Bytes("key"), Bytes("{}"), new CancellationToken(canceled: true)).AsTask());

        Assert.Equal(0, host.Services.GetRequiredService<Deliveries>().InQueue);
    }

    [Fact]
    public async Task While_the_broker_is_away_the_publisher_waits_and_afterwards_every_event_is_there_once_and_in_order()
    {
        const int Events = 5_000;
        await using var cluster = await Cluster.StartAsync();
        using var host = cluster.Host(null, ("Aspire:Confluent:Kafka:Producer:Config:QueueBufferingMaxMessages", "200"));
        await CreateTopicsAsync(cluster);
        var publisher = host.Services.GetRequiredService<EventPublisher>();
        var deliveries = host.Services.GetRequiredService<Deliveries>();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        var publishing = Task.Run(
            async () =>
            {
                for (var i = 0; i < Events; i++)
                {
                    await publisher.PublishAsync(Topics.Sales.Name, Bytes($"store-{i % 10}"), Bytes($"{i}"), limit.Token);
                }
            },
            limit.Token);
        await True(() => deliveries.Delivered > 500, "the first events are delivered");
        await cluster.StopAsync();
        await True(() => deliveries.InQueue >= 200, "the client's queue is full");
        Assert.False(publishing.IsCompleted);
        await cluster.ResumeAsync();
        await publishing;
        publisher.Flush(TimeSpan.FromSeconds(60));

        Assert.Equal((Events, 0, 0), (deliveries.Delivered, deliveries.Failed, deliveries.InQueue));
        var byKey = cluster.Read(Topics.Sales.Name, Topics.Sales.Partitions).GroupBy(record => Text(record.Message.Key)).ToList();
        Assert.Equal(10, byKey.Count);
        Assert.All(byKey, store =>
        {
            var number = int.Parse(store.Key["store-".Length..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(Enumerable.Range(0, Events / 10).Select(i => $"{(i * 10) + number}"), store.Select(record => Text(record.Message.Value)));
        });
    }

    [Fact]
    public async Task An_event_that_cannot_be_delivered_in_time_is_counted_and_the_service_is_unhealthy()
    {
        await using var cluster = await Cluster.StoppedAsync();
        using var host = cluster.Host(null, ("Producer:DeliveryTimeout", "00:00:01"));
        var publisher = host.Services.GetRequiredService<EventPublisher>();
        var deliveries = host.Services.GetRequiredService<Deliveries>();

        await publisher.PublishAsync(Topics.Sales.Name, Bytes("store"), Bytes("{}"), CancellationToken.None);
        await True(() => deliveries.Failed == 1, "the event has failed");

        Assert.Equal(0, deliveries.InQueue);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("1 events could not be delivered", report.Entries[ProducingHealthCheck.Name].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_in_so_many_events_carries_its_trace()
    {
        await using var cluster = await Cluster.StartAsync();
        using var host = cluster.Host(null, ("Producer:TraceEvery", "10"));
        await CreateTopicsAsync(cluster);
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EventPublisher.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var publisher = host.Services.GetRequiredService<EventPublisher>();

        for (var i = 0; i < 30; i++)
        {
            await publisher.PublishAsync(Topics.Sales.Name, Bytes("traced-store"), Bytes("{}"), CancellationToken.None);
        }

        publisher.Flush(TimeSpan.FromSeconds(30));
        var parents = cluster.Read(Topics.Sales.Name, Topics.Sales.Partitions)
            .Where(record => record.Message.Headers.Any(header => header.Key == HeaderNames.TraceParent))
            .Select(record => Text(record.Message.Headers.GetLastBytes(HeaderNames.TraceParent))).ToList();
        Assert.Equal(3, parents.Count);
        var own = spans.Where(span => span.GetTagItem("messaging.kafka.message.key") is "traced-store").ToList();
        Assert.Equal(own.Select(span => span.Id).Order(), parents.Order());
        Assert.All(own, span => Assert.Equal("send sales", span.DisplayName));
        Assert.All(own, span => Assert.NotNull(span.GetTagItem("messaging.kafka.offset")));
    }

    private static Task CreateTopicsAsync(Cluster cluster) =>
        KafkaTopics.EnsureAsync(new ClientConfig { BootstrapServers = cluster.BootstrapServers }, [Topics.Sales], NullLogger.Instance, CancellationToken.None);
}
