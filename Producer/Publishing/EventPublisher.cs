using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Streaming.Contracts;

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

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly Action<DeliveryReport<byte[], byte[]>> _reported = deliveries.Reported;
    private long _published;

    /// <summary>Queues a record; completes once the client has taken it, which may have to wait for room.</summary>
    /// <exception cref="KafkaException">The client takes no more records at all, or not this one.</exception>
    public async ValueTask PublishAsync(string topic, byte[]? key, byte[]? value, CancellationToken cancellationToken)
    {
        // A sender that is behind never waits: it must hear here that it is to stop, before the client is closed under it, which would end the process.
        cancellationToken.ThrowIfCancellationRequested();

        // Confluent's types do not say that both may be missing: a record without key, a tombstone.
        var message = new Message<byte[], byte[]> { Key = key!, Value = value! };
        var reported = _reported;
        if (StartSpan(topic, key) is { } span)
        {
            message.Headers = new Headers { { HeaderNames.TraceParent, Encoding.ASCII.GetBytes(span.Id!) } };
            reported = report =>
            {
                EndSpan(span, report);
                deliveries.Reported(report);
            };
        }

        for (var pause = FirstPause; !TryProduce(topic, message, reported); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
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

    /// <summary>A span for one in so many records, null when nobody listens. Names: https://opentelemetry.io/docs/specs/semconv/messaging/kafka/</summary>
    private Activity? StartSpan(string topic, byte[]? key)
    {
        var every = options.Value.TraceEvery;
        if (every == 0 || (Interlocked.Increment(ref _published) - 1) % every != 0 || !Source.HasListeners())
        {
            return null;
        }

        var span = Source.StartActivity($"send {topic}", ActivityKind.Producer);
        if (span is not { Recorded: true })
        {
            span?.Dispose();
            return null;
        }

        // The span ends on the client's thread; it must not become the parent of what this thread does next.
        Activity.Current = span.Parent;
        return span
            .SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.name", "send")
            .SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", topic)
            .SetTag("messaging.kafka.message.key", key is null ? null : Encoding.UTF8.GetString(key));
    }

    private static void EndSpan(Activity span, DeliveryReport<byte[], byte[]> report)
    {
        if (report.Error.IsError)
        {
            span.SetTag("error.type", report.Error.Code.ToString()).SetStatus(ActivityStatusCode.Error, report.Error.Reason);
        }
        else
        {
            span.SetTag("messaging.destination.partition.id", report.Partition.Value.ToString(CultureInfo.InvariantCulture))
                .SetTag("messaging.kafka.offset", report.Offset.Value);
        }

        span.Dispose();
    }

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "{Count} events were still without an answer from Kafka after {Seconds} s and may be lost.")]
    private static partial void NotFlushed(ILogger logger, int count, double seconds);
}
