using System.Collections.Immutable;
using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Cluster.Reading;

namespace Streaming.Cluster.Messages;

/// <summary>
/// Looks into topics: a bounded number of messages, from the newest back or from a place on. One client for everybody who looks, one look after the
/// other; it connects with the first.
/// </summary>
public sealed class MessagePeek(ClusterConnection cluster) : IDisposable
{
    private const int FetchBytes = 1024 * 1024;
    private const int MostPartitions = 1000;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly TopicReader _reader = new(cluster);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<IsolationLevel, IConsumer<byte[], byte[]>> _consumers = [];

    /// <summary>Looks once.</summary>
    /// <exception cref="ClusterException">No such topic or partition, or the cluster cannot be reached or refuses.</exception>
    public async Task<PeekResult> ReadAsync(PeekRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var topic = await _reader.GetAsync(request.Topic, cancellationToken).ConfigureAwait(false);
        var partitions = topic.Partitions.Where(partition => request.Partition is null || request.Partition == partition.Partition)
            .Select(partition => new TopicPartition(topic.Name, partition.Partition)).Take(MostPartitions).ToList();
        if (partitions.Count == 0)
        {
            throw new ClusterException(ClusterFailure.NotFound, $"Topic '{topic.Name}' has no partition {request.Partition}; it has {topic.Partitions.Length}.");
        }

        var starts = await StartPositions.FindAsync(_reader, partitions, request.From, request.Isolation, cancellationToken).ConfigureAwait(false);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(request, starts, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            throw cluster.Failed($"Read topic '{topic.Name}'", exception.Error, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the clients after the look that is under way, which patience and its own cancellation end.</summary>
    public void Dispose()
    {
        _turn.Wait();
        foreach (var consumer in _consumers.Values)
        {
            consumer.Dispose();
        }

        _turn.Dispose();
    }

    private PeekResult Read(PeekRequest request, Dictionary<TopicPartition, (long Start, LogBounds Bounds)> starts, CancellationToken cancellationToken)
    {
        // Partitions in which there is nothing to read are left out: their end would only be waited for.
        var open = starts.Where(pair => pair.Value.Start < pair.Value.Bounds.End).ToDictionary(pair => pair.Key, pair => pair.Value.Bounds.End);
        var look = new Look(request, open);
        if (open.Count > 0)
        {
            var consumer = Consumer(request.Isolation);
            consumer.Assign(open.Keys.Select(partition => new TopicPartitionOffset(partition, starts[partition].Start)));
            try
            {
                Follow(consumer, look, request.Patience, cancellationToken);
            }
            finally
            {
                consumer.Unassign();
            }
        }

        return look.Result();
    }

    private static void Follow(IConsumer<byte[], byte[]> consumer, Look look, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); !look.IsOver;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (consumer.Consume(Poll) is { } record)
            {
                look.Take(record);
            }
            else if (watch.Elapsed > patience)
            {
                look.GiveUp();
            }
        }
    }

    private IConsumer<byte[], byte[]> Consumer(IsolationLevel isolation)
    {
        if (!_consumers.TryGetValue(isolation, out var consumer))
        {
            _consumers[isolation] = consumer = new ConsumerBuilder<byte[], byte[]>(ConsumerSettings.Of(cluster, isolation, FetchBytes))
                .SetErrorHandler((_, error) => cluster.Log(error.Reason)).SetLogHandler((_, line) => cluster.Log(line.Message)).Build();
        }

        return consumer;
    }

    /// <summary>One look under way: what was taken, which partitions are still read, why it ends.</summary>
    private sealed class Look(PeekRequest request, Dictionary<TopicPartition, long> open)
    {
        private readonly bool _newest = request.From is ReadFrom.Newest;
        private readonly List<PeekedMessage> _messages = [];
        private PeekEnd? _end;
        private long _bytes;

        public bool IsOver => _end is not null || open.Count == 0;

        public void GiveUp() => _end = PeekEnd.Patience;

        public void Take(ConsumeResult<byte[], byte[]> record)
        {
            if (!open.TryGetValue(record.TopicPartition, out var end))
            {
                return;
            }

            if (!record.IsPartitionEOF && record.Offset.Value < end)
            {
                Add(record);
            }

            // What has come since the look began is left for the next one: a busy topic would never end.
            if (record.IsPartitionEOF || record.Offset.Value + 1 >= end)
            {
                open.Remove(record.TopicPartition);
            }
        }

        public PeekResult Result()
        {
            var ordered = _newest
                ? _messages.OrderByDescending(message => message.Timestamp).ThenByDescending(message => message.Offset)
                : _messages.OrderBy(message => message.Timestamp).ThenBy(message => message.Offset);
            var more = _messages.Count > request.Count || (_end is null && _messages.Count == request.Count && !_newest && open.Count > 0);
            return new PeekResult([.. ordered.ThenBy(message => message.Partition).Take(request.Count)], _end ?? (more ? PeekEnd.Count : PeekEnd.EndOfTopic));
        }

        private void Add(ConsumeResult<byte[], byte[]> record)
        {
            var message = record.Message;
            _bytes += (message.Key?.Length ?? 0) + (message.Value?.Length ?? 0);
            _messages.Add(new PeekedMessage(
                record.Topic, record.Partition.Value, record.Offset.Value,
                message.Timestamp.Type == TimestampType.NotAvailable ? null : new DateTimeOffset(message.Timestamp.UtcDateTime, TimeSpan.Zero),
                message.Timestamp.Type == TimestampType.LogAppendTime,
                PeekedBytes.Of(message.Key, request.KeptBytes), PeekedBytes.Of(message.Value, request.KeptBytes),
                [.. (message.Headers ?? []).Select(header => new PeekedHeader(header.Key, PeekedBytes.Of(header.GetValueBytes(), request.KeptBytes)))]));
            if (_bytes >= request.ReadBytes)
            {
                _end = PeekEnd.Bytes;
            }
            else if (!_newest && _messages.Count >= request.Count)
            {
                _end = PeekEnd.Count;
            }
        }
    }
}
