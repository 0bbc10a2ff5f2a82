using Confluent.Kafka;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Schemas;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// Reads the source, enriches, publishes: consume → transform → produce, a transaction every <see cref="AggregatorOptions.EnrichmentInterval"/>. After any
/// error the producer and the consumer are thrown away and the stage begins again at the offsets of the last transaction. One thread.
/// </summary>
internal sealed class EnrichmentLoop(
    EnrichmentDefinition stage, Enricher enricher, SourceGaps gaps, Action<StageCounts> committed, AggregatorOptions options, AggregatorTelemetry telemetry, TimeProvider time, ILogger logger)
{
    private const int PollMs = 20;

    /// <summary>How long the thread waits for a schema before the stage begins again: the group must not wait for it for longer.</summary>
    private static readonly TimeSpan SchemaWait = TimeSpan.FromSeconds(10);

    private readonly Dictionary<TopicPartition, long> _next = [];
    private readonly StageTraces _traces = new(stage.Pipeline, StagesBefore.GroupOf(options, stage.Pipeline));
    private KafkaException? _failure;
    private bool _isFailed;
    private long _taken;
    private long _unknown;
    private long _rejected;
    private long _filtered;

    /// <summary>What is known of the registry's schemas; null where no registry is configured.</summary>
    public SchemaDirectory? Schemas { get; init; }

    /// <summary>Reads until <paramref name="stopping"/>, which ends with a last transaction, or until an error.</summary>
    /// <exception cref="KafkaException">The stage is to begin again, with a new consumer and a new producer.</exception>
    public void Run(IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer, CancellationToken stopping)
    {
        try
        {
            RunUntil(consumer, producer, stopping);
        }
        catch (Exception e)
        {
            // Nothing more of it is published: it is read again.
            _isFailed = true;
            _traces.Undone(e);
            throw;
        }
    }

    /// <summary>
    /// Partitions go to another instance: what was read of them is finished first. Consumer's thread, inside its poll, out of which no exception may come: it would
    /// leave the client waiting for an answer.
    /// </summary>
    public void Revoked(IConsumer<byte[], byte[]> consumer, IReadOnlyList<TopicPartition> partitions, EnrichmentProducer producer)
    {
        try
        {
            if (!_isFailed && _failure is null)
            {
                Commit(consumer, producer);
                gaps.Forget(consumer, partitions);
            }
        }
        catch (KafkaException e)
        {
            _failure = e;
        }
    }

    /// <summary>Partitions belong to another instance already: nothing of the open transaction may become visible.</summary>
    public void Lost() => _failure ??= new KafkaException(new Error(ErrorCode.Local_State, "the partitions are lost to another instance"));

    private void RunUntil(IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer, CancellationToken stopping)
    {
        var begun = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            var record = consumer.Consume(PollMs);
            if (_failure is { } failure)
            {
                throw failure;
            }

            if (record is not null && gaps.Allow(consumer, record, out var leapt, stopping))
            {
                TakeIn(record, leapt, consumer, producer, stopping);
            }

            if (_next.Count == 0)
            {
                begun = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(begun) >= options.EnrichmentInterval || producer.Sent >= options.EnrichmentBatch)
            {
                Commit(consumer, producer);
                begun = time.GetTimestamp();
            }
        }

        Commit(consumer, producer);
    }

    private void TakeIn(ConsumeResult<byte[], byte[]> record, bool leapt, IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer, CancellationToken stopping)
    {
        if (!record.IsPartitionEOF)
        {
            Take(record, consumer, producer, stopping);
        }
        else if (leapt)
        {
            // Only markers of transactions, or what was compacted away, lie before the end: with them behind it the progress says that nothing is left.
            _next[record.TopicPartition] = record.Offset.Value;
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> record, IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer, CancellationToken stopping)
    {
        var bytes = new RecordBytes(record.Message.Key, record.Message.Value, record.Message.Timestamp.UnixTimestampMs) { Schemas = Schemas };
        var begun = StageTraces.MayTrace(record) ? time.GetUtcNow() : default;
        WaitForKey(bytes, consumer, producer, stopping);
        var enriched = enricher.Enrich(bytes);
        while (enriched.Decoding.AwaitedSchema is { } id)
        {
            WaitForSchema(id, consumer, producer, stopping);
            WaitForKey(bytes, consumer, producer, stopping);
            enriched = enricher.Enrich(bytes);
        }

        // Not before: while the record waited, what came before it was committed, and its spans ended.
        Send(record, enriched, _traces.Begin(record, begun, consumer), producer, stopping);
        _next[record.TopicPartition] = record.Offset.Value + 1;
        _taken++;
    }

    private void Send(ConsumeResult<byte[], byte[]> record, Enriched enriched, StageSpan? span, EnrichmentProducer producer, CancellationToken stopping)
    {
        var message = record.Message;
        _filtered += enriched.Decoding.IsFiltered ? 1 : 0;
        if (enriched.Decoding.Reason is { } reason)
        {
            Reject(record, reason, enriched.Decoding.Error ?? reason, span, producer, stopping);
        }
        else if (enriched.Value is { } value)
        {
            // What the broker refuses would be tried for ever.
            if (RecordSize.AtMost(message.Key, value, message.Headers) is var size && size > stage.Through.MaxMessageBytes)
            {
                Reject(record, "too-large", $"enriched it has {size} bytes; {stage.Through.Name} takes {stage.Through.MaxMessageBytes}", span, producer, stopping);
                return;
            }

            _unknown += enriched.IsKnown ? 0 : 1;
            Send(new Message<byte[]?, byte[]?> { Key = message.Key, Value = value, Headers = message.Headers }, span, producer, stopping);
        }
        else
        {
            span?.Filtered();
        }
    }

    private void Send(Message<byte[]?, byte[]?> message, StageSpan? span, EnrichmentProducer producer, CancellationToken stopping)
    {
        if (span?.StartSend(stage.Through.Name, message.Key, producer.Name) is { } sending)
        {
            producer.Send(stage.Through.Name, message, sending, stopping);
        }
        else
        {
            producer.Send(stage.Through.Name, message, stopping);
        }
    }

    private void Reject(ConsumeResult<byte[], byte[]> record, string reason, string error, StageSpan? span, EnrichmentProducer producer, CancellationToken stopping)
    {
        _rejected++;
        span?.Rejected(reason, error);
        producer.Send(stage.DeadLetter.Name, SideOutputs.RejectedByStage(stage.Pipeline, stage.DeadLetter, record, reason, error), stopping);
    }

    /// <summary>
    /// An event whose key nobody has described yet is held until it is as old as the wait, by the broker's clock: a description that comes with the first
    /// events is not missed, and a backlog is never held up. What was sent before it becomes visible first: nobody waits behind an open transaction.
    /// </summary>
    private void WaitForKey(in RecordBytes record, IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer, CancellationToken stopping)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        // A timestamp of the future (a topic with the producers' times, a clock that runs fast) makes nobody wait for longer.
        var until = Math.Min(record.BrokerTimestampMs, now) + (long)options.EnrichmentWait.TotalMilliseconds;
        if (now >= until || !enricher.IsMissing(record))
        {
            return;
        }

        Commit(consumer, producer);
        while (time.GetUtcNow().ToUnixTimeMilliseconds() < until && enricher.IsMissing(record))
        {
            stopping.WaitHandle.WaitOne(PollMs);
            stopping.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// A record whose schema is not known yet is held until the registry has said what it is. While the registry is away the stage begins again at this record,
    /// with the pauses of any other trouble, so that the group's other members are not kept waiting.
    /// </summary>
    private void WaitForSchema(int id, IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer, CancellationToken stopping)
    {
        var begun = time.GetTimestamp();
        if (Schemas!.Await(id, TimeSpan.FromMilliseconds(PollMs)))
        {
            return;
        }

        Commit(consumer, producer);
        while (!Schemas.Await(id, TimeSpan.FromMilliseconds(PollMs)))
        {
            stopping.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(begun) > SchemaWait)
            {
                throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"schema {id} is not known yet: {Schemas.Trouble ?? "the registry does not answer"}"));
            }
        }
    }

    private void Commit(IConsumer<byte[], byte[]> consumer, EnrichmentProducer producer)
    {
        if (_next.Count == 0)
        {
            return;
        }

        var sent = producer.Sent;
        producer.Commit([.. _next.Select(next => new TopicPartitionOffset(next.Key, next.Value))], consumer.ConsumerGroupMetadata);
        _traces.Committed();
        telemetry.Enriched(stage.Pipeline, sent - _rejected, _unknown, _rejected, _filtered);
        committed(new StageCounts(_taken, sent - _rejected, _filtered, _rejected, _unknown));
        if (_unknown > 0 && stage.Reference is { } reference)
        {
            AggregatorLog.UnknownReferences(logger, stage.Pipeline, _unknown, reference.Topic.Name);
        }

        (_taken, _unknown, _rejected, _filtered) = (0, 0, 0, 0);
        _next.Clear();
    }
}
