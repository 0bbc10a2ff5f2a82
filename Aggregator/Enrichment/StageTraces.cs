using Confluent.Kafka;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Enrichment;

/// <summary>The spans of the sampled records in the open transaction of a stage. They end with it. The stage's thread only.</summary>
internal sealed class StageTraces(string pipeline, string group)
{
    /// <summary>Sampled records of one transaction that have spans of their own; the header of those beyond goes on as it is.</summary>
    private const int Most = 32;

    private readonly List<StageSpan> _open = [];

    /// <summary>Whether the record can be sampled at all; what all others pay for tracing.</summary>
    public static bool MayTrace(ConsumeResult<byte[], byte[]> record) => record.Message.Headers is { Count: > 0 };

    /// <summary>The span of a record that was taken up at <paramref name="begun"/>; null for one that is not sampled.</summary>
    public StageSpan? Begin(ConsumeResult<byte[], byte[]> record, DateTimeOffset begun, IConsumer<byte[], byte[]> consumer)
    {
        if (!MayTrace(record) || _open.Count == Most || StageSpan.Start(pipeline, record, begun, (group, consumer)) is not { } span)
        {
            return null;
        }

        _open.Add(span);
        return span;
    }

    /// <summary>The transaction is committed.</summary>
    public void Committed()
    {
        _open.ForEach(span => span.Committed());
        _open.Clear();
    }

    /// <summary>The transaction is not committed.</summary>
    public void Undone(Exception exception)
    {
        _open.ForEach(span => span.Undone(exception));
        _open.Clear();
    }
}
