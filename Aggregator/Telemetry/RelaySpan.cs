using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Outbox;
using Streaming.Contracts.Tracing;

namespace Streaming.Aggregator.Telemetry;

/// <summary>
/// The span of one transaction of the relay, linked to the checkpoints that wrote its rows. Those are the contexts of the records' creation, so the span's own does not
/// travel and its kind is that of a client (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/#span-kind).
/// </summary>
internal static class RelaySpan
{
    /// <summary>Begins the span of a batch in which there is a row of a traced checkpoint; else null.</summary>
    public static Activity? Start(string pipeline, IReadOnlyList<RelayRow> rows, string client)
    {
        if (rows.Count == 0 || !Spans.Source.HasListeners())
        {
            return null;
        }

        var causes = Causes(rows);
        return causes.Count == 0 ? null : Spans.StartRoot(Name(rows), ActivityKind.Client, Tags(pipeline, rows, client), causes);
    }

    /// <summary>Marks it as failed: rows were refused.</summary>
    public static void Refused(Activity? span, Error error) => span?.Fail(error.Code.ToString(), error.Reason);

    private static HashSet<ActivityContext> Causes(IReadOnlyList<RelayRow> rows)
    {
        var causes = new HashSet<ActivityContext>();
        byte[]? last = null;
        foreach (var headers in rows.Select(row => row.Message.Headers))
        {
            // Rows of one checkpoint lie together and most have the same headers.
            if (headers is not null && !headers.AsSpan().SequenceEqual(last) && OutboxTrace.TryRead(headers, out var cause))
            {
                causes.Add(cause);
            }

            last = headers;
            if (causes.Count == Spans.MostLinks)
            {
                break;
            }
        }

        return causes;
    }

    private static string Name(IReadOnlyList<RelayRow> rows) => OneTopic(rows) is { } topic ? $"send {topic}" : "send";

    private static string? OneTopic(IReadOnlyList<RelayRow> rows) => rows.All(row => row.Message.Topic == rows[0].Message.Topic) ? rows[0].Message.Topic : null;

    private static IEnumerable<KeyValuePair<string, object?>> Tags(string pipeline, IReadOnlyList<RelayRow> rows, string client)
    {
        yield return new(MessagingTags.System, MessagingTags.Kafka);
        yield return new(MessagingTags.OperationName, "send");
        yield return new(MessagingTags.OperationType, "send");
        if (OneTopic(rows) is { } topic)
        {
            yield return new(MessagingTags.Destination, topic);
        }

        yield return new(MessagingTags.BatchCount, rows.Count);
        yield return new(MessagingTags.ClientId, client);
        yield return new(MessagingTags.Pipeline, pipeline);
    }
}
