using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Aggregator.Telemetry;
using Streaming.Contracts;

namespace Streaming.Aggregator.Outbox;

/// <summary>Reads <c>outbox-cursors</c> to its end with a consumer of its own: committed records only.</summary>
internal sealed class CursorReader(ConsumerConfig config, CursorCodec codec, TimeSpan limit, ILogger logger)
{
    private static readonly TopicPartition Cursors = new(Topics.OutboxCursors.Name, 0);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    /// <summary>This pipeline's cursors.</summary>
    /// <exception cref="KafkaException">The broker is away, or the end is not reached in time.</exception>
    /// <exception cref="RelayStoppedException">A cursor cannot be read.</exception>
    public async Task<Dictionary<OutboxPartition, long>> ReadAsync(CancellationToken cancellationToken)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => AggregatorLog.ClientSays(logger, error.Reason))
            .SetLogHandler((_, line) => AggregatorLog.ClientSays(logger, line.Message))
            .Build();
        var end = await FindEndAsync(consumer.Handle);
        return await Task.Factory.StartNew(
            () => Read(consumer, end, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// The high watermark, not the last stable offset: another pipeline's transaction may be open, and cursors of ours may lie behind its first record. They
    /// can be read when that transaction has ended, at the latest by its timeout.
    /// </summary>
    private static async Task<long> FindEndAsync(Handle handle)
    {
        using var admin = new DependentAdminClientBuilder(handle).Build();
        var options = new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = IsolationLevel.ReadUncommitted };
        var answer = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = Cursors, OffsetSpec = OffsetSpec.Latest() }], options);
        var info = answer.ResultInfos.Single().TopicPartitionOffsetError;
        return info.Error.IsError ? throw new KafkaException(info.Error) : info.Offset.Value;
    }

    private Dictionary<OutboxPartition, long> Read(IConsumer<byte[]?, byte[]?> consumer, long end, CancellationToken cancellationToken)
    {
        var cursors = new Dictionary<OutboxPartition, long>();
        var started = Stopwatch.GetTimestamp();
        consumer.Assign(new TopicPartitionOffset(Cursors, Offset.Beginning));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = consumer.Consume(Slice);
            if (record is { IsPartitionEOF: false })
            {
                codec.Apply(record.Message.Key, record.Message.Value, cursors);
            }
            else if (record is { IsPartitionEOF: true } && record.Offset >= end)
            {
                return cursors;
            }
            else if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut,
                    $"The topic {Cursors.Topic} could not be read to its end, {end}: another pipeline's transaction may be open."));
            }
        }
    }
}
