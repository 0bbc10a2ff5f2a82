using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Streaming.Contracts.Kafka;
using Streaming.Contracts.Tracing;

namespace Streaming.Aggregator.Telemetry;

/// <summary>
/// The spans of a stateless stage, for sampled records only: a record that is processed alone goes on with the trace of its creation, so that span is its parent, and
/// is linked as well (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/#consumer-spans). It lasts until the transaction has made its result visible.
/// </summary>
internal sealed class StageSpan(Activity span)
{
    /// <summary>The span of a record that was taken up at <paramref name="begun"/>; null unless it carries a trace and somebody listens.</summary>
    public static StageSpan? Start(string pipeline, ConsumeResult<byte[], byte[]> record, DateTimeOffset begun, (string Group, IConsumer<byte[], byte[]> Consumer) source)
    {
        if (!TraceHeader.TryRead(record.Message.Headers, out var trace) || !Spans.Source.HasListeners())
        {
            return null;
        }

        var outer = Activity.Current;
        Activity.Current = null;
        var span = Spans.Source.StartActivity($"process {record.Topic}", ActivityKind.Consumer, trace, Tags(pipeline, record, source), [new ActivityLink(trace)], begun);
        Activity.Current = outer;
        return span is null ? null : new StageSpan(span);
    }

    /// <summary>Begins the span that sends the result, below this one; its context travels with the result.</summary>
    public Activity? StartSend(string topic, byte[]? key, string client)
    {
        span.SetTag(MessagingTags.Outcome, "published");
        return SendSpan.Start(Spans.Source, topic, key, isTombstone: false, client, span.Context);
    }

    /// <summary>Nothing of the record is published.</summary>
    public void Filtered() => span.SetTag(MessagingTags.Outcome, "filtered");

    /// <summary>The record goes to the dead-letter topic.</summary>
    public void Rejected(string reason, string error)
    {
        span.SetTag(MessagingTags.Outcome, "rejected");
        span.Fail(reason, error);
    }

    /// <summary>Ends it: what it did is visible.</summary>
    public void Committed() => span.Dispose();

    /// <summary>Ends it: nothing of what it did becomes visible, the record is read again.</summary>
    public void Undone(Exception exception)
    {
        span.Fail(exception);
        span.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(string pipeline, ConsumeResult<byte[], byte[]> record, (string Group, IConsumer<byte[], byte[]> Consumer) source)
    {
        yield return new(MessagingTags.System, MessagingTags.Kafka);
        yield return new(MessagingTags.OperationName, "process");
        yield return new(MessagingTags.OperationType, "process");
        yield return new(MessagingTags.Destination, record.Topic);
        yield return new(MessagingTags.Partition, record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        yield return new(MessagingTags.Offset, record.Offset.Value);
        yield return new(MessagingTags.Group, source.Group);
        yield return new(MessagingTags.ClientId, source.Consumer.Name);
        yield return new(MessagingTags.Pipeline, pipeline);
    }
}
