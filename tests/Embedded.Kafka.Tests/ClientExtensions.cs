using System.Diagnostics;
using Confluent.Kafka;

namespace Streaming.Embedded.Kafka.Tests;

internal static class ClientExtensions
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Consumes exactly so many records.</summary>
    public static List<ConsumeResult<string, string>> Take(this IConsumer<string, string> consumer, int count)
    {
        var records = new List<ConsumeResult<string, string>>(count);
        for (var watch = Stopwatch.StartNew(); records.Count < count;)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { IsPartitionEOF: false } record)
            {
                records.Add(record);
            }
            else if (watch.Elapsed > Bound)
            {
                throw new TimeoutException($"{records.Count} of {count} records within {Bound}.");
            }
        }

        return records;
    }

    public static async Task<List<DeliveryResult<string, string>>> ProduceManyAsync(
        this IProducer<string, string> producer, string topic, int count, int firstValue = 0)
    {
        var sent = Enumerable.Range(firstValue, count)
            .Select(i => producer.ProduceAsync(topic, new Message<string, string> { Key = $"k{i % 7}", Value = $"{i}" })).ToList();
        return [.. await Task.WhenAll(sent)];
    }
}
