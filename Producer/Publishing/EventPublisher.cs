using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Streaming.Contracts.Kafka;

namespace Streaming.Producer.Publishing;

/// <summary>
/// Hands records to the Kafka client: in order for each key, each once (idempotent producer), waiting while the client's queue is full.
/// The client retries within its delivery timeout; what becomes of each record stands in <see cref="Deliveries"/>. Scenarios use it at the
/// same time; the order of a key's records is that of the calls, so one caller alone sends the records of a key.
/// </summary>
public sealed partial class EventPublisher(
    IProducer<byte[], byte[]> producer, Deliveries deliveries, IOptions<ProducerOptions> options, TimeProvider time, ILogger<EventPublisher> logger)
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "Streaming.Producer";

    internal static readonly ActivitySource Source = new(SourceName);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly Action<DeliveryReport<byte[], byte[]>> _reported = deliveries.Reported;
    private readonly TraceSampler _sampler = new(options.Value.TraceEvery);

    /// <summary>Queues a record; completes once the client has taken it, which may have to wait for room.</summary>
    /// <exception cref="KafkaException">The client takes no more records at all, or not this one.</exception>
    public async ValueTask PublishAsync(string topic, byte[]? key, byte[]? value, CancellationToken cancellationToken)
    {
        // A sender that is behind never waits: it must hear here that it is to stop, before the client is closed under it, which would end the process.
        cancellationToken.ThrowIfCancellationRequested();

        // Confluent's types do not say that both may be missing: a record without key, a tombstone.
        var message = new Message<byte[], byte[]> { Key = key!, Value = value! };
        var span = Source.HasListeners() && _sampler.Takes(topic) ? SendSpan.Start(Source, topic, key, value is null, producer.Name) : null;
        var reported = span is null ? _reported : Traced(message, span);
        try
        {
            for (var pause = FirstPause; !TryProduce(topic, message, reported); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (span is not null)
        {
            SendSpan.Fail(span, exception);
            throw;
        }
    }

    /// <summary>Waits until the fate of every queued record is known, but not longer than <paramref name="limit"/>. Blocks.</summary>
    public void Flush(TimeSpan limit)
    {
        var open = producer.Flush(limit);
        if (open > 0)
        {
            NotFlushed(logger, open, limit.TotalSeconds);
        }
    }

    private bool TryProduce(string topic, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>> reported)
    {
        deliveries.Queued();
        try
        {
            producer.Produce(topic, message, reported);
            return true;
        }
        catch (ProduceException<byte[], byte[]> exception)
        {
            deliveries.NotTaken();
            if (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                return false;
            }

            throw;
        }
    }

    /// <summary>Puts the span's context into the record, and ends the span with the broker's answer. A method of its own, so that records without a span pay nothing for it.</summary>
    private Action<DeliveryReport<byte[], byte[]>> Traced(Message<byte[], byte[]> message, Activity span)
    {
        message.Headers = TraceHeader.With(message.Headers, span);
        return report =>
        {
            SendSpan.End(span, report);
            deliveries.Reported(report);
        };
    }

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "{Count} events were still without an answer from Kafka after {Seconds} s and may be lost.")]
    private static partial void NotFlushed(ILogger logger, int count, double seconds);
}
