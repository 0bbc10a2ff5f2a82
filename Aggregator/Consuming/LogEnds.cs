using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Aggregator.Consuming;

/// <summary>Where a partition's log begins and ends now.</summary>
internal interface ILogEnds
{
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    Task<(long Start, long End)> FindAsync(TopicPartition partition, CancellationToken cancellationToken);
}

/// <summary>Asks the broker (ListOffsets) over the consumer's own connections, without holding a thread meanwhile.</summary>
internal sealed class LogEnds(IAdminClient admin) : ILogEnds
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    public async Task<(long Start, long End)> FindAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var start = FindAsync(partition, OffsetSpec.Earliest());
        var end = FindAsync(partition, OffsetSpec.Latest());
        await Task.WhenAll(start, end).WaitAsync(cancellationToken);
        return (await start, await end);
    }

    private async Task<long> FindAsync(TopicPartition partition, OffsetSpec spec)
    {
        // What a consumer that reads committed records can reach: the last stable offset, not the high watermark.
        var options = new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = IsolationLevel.ReadCommitted };
        var answer = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec }], options);
        var info = answer.ResultInfos.Single().TopicPartitionOffsetError;
        return info.Error.IsError ? throw new KafkaException(info.Error) : info.Offset.Value;
    }
}
