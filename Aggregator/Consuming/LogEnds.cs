using Confluent.Kafka;

namespace Streaming.Aggregator.Consuming;

/// <summary>Where a partition's log begins and ends now.</summary>
internal interface ILogEnds
{
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    Task<(long Start, long End)> FindAsync(TopicPartition partition, CancellationToken cancellationToken);
}

/// <summary>Asks the broker (ListOffsets) over the consumer's own connections.</summary>
internal sealed class LogEnds(IConsumer<byte[], byte[]> consumer) : ILogEnds
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<(long Start, long End)> FindAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        // The client's call blocks until its limit.
        var offsets = await Task.Run(() => consumer.QueryWatermarkOffsets(partition, Limit), cancellationToken).WaitAsync(cancellationToken);
        return (offsets.Low.Value, offsets.High.Value);
    }
}
