using Aspire.Hosting.Dashboard.Otlp;

namespace Streaming.EndToEnd.Tests.Tracing;

/// <summary>The way of one sale through the application, span by span.</summary>
internal sealed record EventChain(
    ReceivedSpan Send, ReceivedSpan Checkpoint, IReadOnlyList<ReceivedSpan> Statements, ReceivedSpan Push, ReceivedSpan Process, ReceivedSpan SendEnriched, ReceivedSpan EnrichedCheckpoint)
{
    /// <summary>The whole way of the sale that begins a trace; null while a part of it has not been received.</summary>
    public static EventChain? Find(string traceId, IReadOnlyList<ReceivedSpan> spans)
    {
        var send = spans.FirstOrDefault(span => span.TraceId == traceId && span.Name == "send sales");
        var process = spans.FirstOrDefault(span => send is not null && span.Name == "process sales" && span.IsBelow(send));
        var enriched = spans.FirstOrDefault(span => process is not null && span.Name == "send sales-enriched" && span.IsBelow(process));
        var checkpoint = spans.FirstOrDefault(span => send is not null && span.Name == "checkpoint sales" && span.IsLinkedTo(send));
        var enrichedCheckpoint = spans.FirstOrDefault(span => enriched is not null && span.Name == "checkpoint sales-enriched" && span.IsLinkedTo(enriched));
        var push = spans.FirstOrDefault(span => checkpoint is not null && span.Name == "dashboard push" && span.IsLinkedTo(checkpoint));
        return send is null || process is null || enriched is null || checkpoint is null || enrichedCheckpoint is null || push is null
            ? null
            : new EventChain(send, checkpoint, [.. spans.Where(span => span.Source == "Npgsql" && span.IsBelow(checkpoint))], push, process, enriched, enrichedCheckpoint);
    }

    /// <summary>The ids, for a person to follow.</summary>
    public IEnumerable<string> Lines() =>
    [
        $"{Send}",
        $"{Checkpoint}  linked to {Send.SpanId}",
        .. Statements.Select(statement => $"{statement}  below {statement.ParentId}  {Beginning(statement["db.query.text"] ?? "")}"),
        $"{Push}  linked to {Checkpoint.SpanId}",
        $"{Process}  below {Process.ParentId}",
        $"{SendEnriched}  below {SendEnriched.ParentId}",
        $"{EnrichedCheckpoint}  linked to {SendEnriched.SpanId}",
    ];

    private static string Beginning(string sql) => sql.ReplaceLineEndings(" ") is { Length: > 60 } line ? line[..60] + "…" : sql.ReplaceLineEndings(" ");

    /// <summary>What the conventions ask of each.</summary>
    public void FollowsConventions()
    {
        Assert.Equal((SpanKind.Producer, "producer"), (Send.Kind, Send.Service));
        Assert.Equal((SpanKind.Consumer, "aggregator"), (Checkpoint.Kind, Checkpoint.Service));
        Assert.Equal((SpanKind.Internal, "dashboard"), (Push.Kind, Push.Service));
        Assert.Equal((SpanKind.Consumer, "aggregator"), (Process.Kind, Process.Service));
        Assert.Equal((SpanKind.Producer, "aggregator"), (SendEnriched.Kind, SendEnriched.Service));
        foreach (var (span, operation, type, topic) in new[]
        {
            (Send, "send", "send", "sales"), (Checkpoint, "checkpoint", "process", "sales"), (Process, "process", "process", "sales"), (SendEnriched, "send", "send", "sales-enriched"),
            (EnrichedCheckpoint, "checkpoint", "process", "sales-enriched"),
        })
        {
            Assert.Equal(
                ("kafka", operation, type, topic),
                (span["messaging.system"], span["messaging.operation.name"], span["messaging.operation.type"], span["messaging.destination.name"]));
            Assert.False(string.IsNullOrEmpty(span["messaging.client.id"]));
            Assert.False(span.IsError);
        }

        Assert.Equal((Send["messaging.destination.partition.id"], Send["messaging.kafka.offset"]), (Process["messaging.destination.partition.id"], Process["messaging.kafka.offset"]));
        Assert.Equal(("sales-by-store", "sales-by-country.enrich", "sales-by-country"), (Checkpoint["messaging.consumer.group.name"], Process["messaging.consumer.group.name"], EnrichedCheckpoint["messaging.consumer.group.name"]));
        Assert.NotNull(Checkpoint["messaging.batch.message_count"]);
        Assert.NotEmpty(Statements);
        Assert.All(Statements, statement => Assert.Equal((SpanKind.Client, "postgresql"), (statement.Kind, statement["db.system.name"] ?? statement["db.system"])));
    }
}
