using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Streaming.Producer.Publishing;
using static Streaming.Producer.Tests.Eventually;

namespace Streaming.Producer.Tests;

public sealed class KafkaTopicsTests
{
    [Fact]
    public async Task Services_that_start_together_create_each_topic_once()
    {
        await using var cluster = await Cluster.StartAsync();
        var log = new LinesLog();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EnsureAsync(cluster, Topics.All, log)));

        Assert.Equal(Topics.All.Count, log.Lines.Count(line => line.StartsWith("Created", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, line => line.Contains("It is left as it is", StringComparison.Ordinal));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.BootstrapServers }).Build();
        var found = admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
        Assert.All(Topics.All, topic => Assert.Equal(topic.Partitions, found[topic.Name]));
    }

    [Fact]
    public async Task A_topic_that_exists_with_other_partitions_is_left_alone_and_named()
    {
        await using var cluster = await Cluster.StartAsync();
        await EnsureAsync(cluster, [Topics.Sales with { Partitions = 2 }], new LinesLog());
        var log = new LinesLog();

        await EnsureAsync(cluster, [Topics.Sales], log);

        Assert.Contains("Topic sales exists with partitions = 2, declared is 6. It is left as it is.", log.Lines);
    }

    [Fact]
    public async Task Waits_for_a_broker_that_starts_later()
    {
        await using var cluster = await Cluster.StoppedAsync();
        var log = new LinesLog();
        var waiting = EnsureAsync(cluster, [Topics.Sales], log);

        await True(() => log.Lines.Any(line => line.StartsWith("Waiting for Kafka", StringComparison.Ordinal)), "the wait is logged");
        Assert.False(waiting.IsCompleted);
        await cluster.ResumeAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Contains("Created topic sales with 6 partitions.", log.Lines);
    }

    [Fact]
    public async Task Waiting_ends_when_the_service_stops()
    {
        await using var cluster = await Cluster.StoppedAsync();
        using var stop = new CancellationTokenSource();
        var waiting = EnsureAsync(cluster, [Topics.Sales], new LinesLog(), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_topic_is_untouched_until_its_first_record()
    {
        await using var cluster = await Cluster.StartAsync();
        using var host = cluster.Host();
        await EnsureAsync(cluster, [Topics.Sales], new LinesLog());
        var connection = host.Services.GetRequiredService<KafkaConnection>();

        Assert.True(await connection.IsUntouchedAsync(Topics.Sales, CancellationToken.None));
        var publisher = host.Services.GetRequiredService<EventPublisher>();
        await publisher.PublishAsync(Topics.Sales.Name, Bytes("store"), Bytes("{}"), CancellationToken.None);
        publisher.Flush(TimeSpan.FromSeconds(30));
        Assert.False(await connection.IsUntouchedAsync(Topics.Sales, CancellationToken.None));
    }

    private static Task EnsureAsync(Cluster cluster, IReadOnlyCollection<TopicDeclaration> topics, LinesLog log, CancellationToken cancellationToken = default) =>
        KafkaTopics.EnsureAsync(new ClientConfig { BootstrapServers = cluster.BootstrapServers }, topics, log, cancellationToken);

    private sealed class LinesLog : ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
