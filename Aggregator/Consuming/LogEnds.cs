using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Consuming;

/// <summary>Where a partition's log begins and ends now.</summary>
internal interface ILogEnds
{
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    Task<(long Start, long End)> FindAsync(TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>The end, if nothing lies behind it that a transaction still holds back; else null: the partition is not silent, only unfinished.</summary>
    /// <exception cref="KafkaException">The broker is away or refuses.</exception>
    Task<long?> FindQuietEndAsync(TopicPartition partition, CancellationToken cancellationToken);
}

/// <summary>Asks the broker (ListOffsets) over the connection that the process's pipelines share, without holding a thread meanwhile.</summary>
internal sealed class LogEnds(AdminConnection connection) : ILogEnds
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    public async Task<(long Start, long End)> FindAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        // What a consumer that reads committed records can reach: the last stable offset, not the high watermark.
        var start = FindAsync(partition, OffsetSpec.Earliest(), IsolationLevel.ReadCommitted, cancellationToken);
        var end = FindAsync(partition, OffsetSpec.Latest(), IsolationLevel.ReadCommitted, cancellationToken);
        await Task.WhenAll(start, end);
        return (await start, await end);
    }

    public async Task<long?> FindQuietEndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        // In this order: what is appended in between makes the two differ.
        var stable = await FindAsync(partition, OffsetSpec.Latest(), IsolationLevel.ReadCommitted, cancellationToken);
        var last = await FindAsync(partition, OffsetSpec.Latest(), IsolationLevel.ReadUncommitted, cancellationToken);
        return stable == last ? stable : null;
    }

    private async Task<long> FindAsync(TopicPartition partition, OffsetSpec spec, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var options = new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = isolation };
        TopicPartitionOffsetSpec[] asked = [new() { TopicPartition = partition, OffsetSpec = spec }];
        var answer = await connection.AskAsync((admin, _) => admin.ListOffsetsAsync(asked, options), cancellationToken);
        var info = answer.ResultInfos.Single().TopicPartitionOffsetError;
        return info.Error.IsError ? throw new KafkaException(info.Error) : info.Offset.Value;
    }
}
