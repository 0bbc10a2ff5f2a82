using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;
using Streaming.Contracts.Tracing;

namespace Streaming.Contracts.Kafka;

/// <summary>
/// The span of one record that is sent: from handing it to the client until the broker's answer, which comes on a thread of the client's. Its context travels with the
/// record (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/#producer-spans).
/// </summary>
internal static class SendSpan
{
    private const int LongestKey = 256;

    /// <summary>Begins the span, below <paramref name="parent"/> or else below what the caller does. Null when nobody records it: the record then travels without context.</summary>
    public static Activity? Start(ActivitySource source, string topic, byte[]? key, bool isTombstone, string? clientId, ActivityContext parent = default)
    {
        if (!source.HasListeners())
        {
            return null;
        }

        // The span ends on another thread: it must neither become the parent of what this thread does next, nor bring this thread's span to that one.
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            var span = source.StartActivity($"send {topic}", ActivityKind.Producer, parent == default ? current?.Context ?? default : parent, Tags(topic, key, isTombstone, clientId));
            if (span is null or { Recorded: true })
            {
                return span;
            }

            span.Dispose();
            return null;
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Ends the span with the broker's answer.</summary>
    public static void End<TKey, TValue>(Activity span, DeliveryReport<TKey, TValue> report)
    {
        if (report.Error.IsError)
        {
            span.SetTag(MessagingTags.ErrorType, report.Error.Code.ToString()).SetStatus(ActivityStatusCode.Error, report.Error.Reason);
        }
        else
        {
            span.SetTag(MessagingTags.Partition, report.Partition.Value.ToString(CultureInfo.InvariantCulture)).SetTag(MessagingTags.Offset, report.Offset.Value);
        }

        span.Dispose();
    }

    /// <summary>Ends the span of a record that the client has not taken. A stop is no error.</summary>
    public static void Fail(Activity span, Exception exception)
    {
        if (exception is not OperationCanceledException)
        {
            var type = exception is KafkaException kafka ? kafka.Error.Code.ToString() : exception.GetType().FullName;
            span.SetTag(MessagingTags.ErrorType, type).SetStatus(ActivityStatusCode.Error, exception.Message);
        }

        span.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(string topic, byte[]? key, bool isTombstone, string? clientId)
    {
        yield return new(MessagingTags.System, MessagingTags.Kafka);
        yield return new(MessagingTags.OperationName, "send");
        yield return new(MessagingTags.OperationType, "send");
        yield return new(MessagingTags.Destination, topic);
        if (clientId is not null)
        {
            yield return new(MessagingTags.ClientId, clientId);
        }

        // The convention wants a key's canonical text, or nothing.
        if (key is { Length: <= LongestKey } && Utf8.IsValid(key))
        {
            yield return new(MessagingTags.Key, Encoding.UTF8.GetString(key));
        }

        if (isTombstone)
        {
            yield return new(MessagingTags.Tombstone, true);
        }
    }
}
