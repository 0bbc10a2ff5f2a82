using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Contracts;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>The yardstick: the fastest that the client's <c>Consume</c> delivers records on this machine, each thrown away at once.</summary>
internal static class ConsumeLoop
{
    // Telling the time costs more than throwing a record away.
    private const int LookEvery = 1024;

    /// <summary>Reads the topic from its start to its end.</summary>
    public static Achieved Run(string bootstrapServers, int events, CancellationToken cancellationToken)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "yardstick",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            FetchQueueBackoffMs = 1,
        };
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Assign(Enumerable.Range(0, Topics.Sales.Partitions).Select(p => new TopicPartitionOffset(Topics.Sales.Name, p, Offset.Beginning)));
        using var process = Process.GetCurrentProcess();
        var rate = new Rate(events, process);
        for (int read = 1; read <= events; read++)
        {
            consumer.Consume(cancellationToken);
            if (read % LookEvery == 0 || read == events)
            {
                rate.Reach(read);
            }
        }

        consumer.Close();
        return rate.Result!.Value;
    }
}
