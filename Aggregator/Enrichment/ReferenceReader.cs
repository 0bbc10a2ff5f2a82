using Confluent.Kafka;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Telemetry;

namespace Streaming.Aggregator.Enrichment;

/// <summary>Fills a <see cref="ReferenceTable"/> from its compacted topic and keeps it up to date.</summary>
internal sealed class ReferenceReader(string topic, ReferenceTable table, ILogger logger) : ICompactedTopicReader
{
    private bool _isLoading;

    public void Begin()
    {
        _isLoading = true;
        table.BeginLoad();
    }

    public void Take(ConsumeResult<byte[], byte[]> record)
    {
        if (record.Message.Key is not { Length: > 0 } key)
        {
            AggregatorLog.BadReference(logger, record.Offset.Value, topic, "it has no key");
        }
        else if (!table.TryApply(key, record.Message.Value is { Length: > 0 } value ? value : null, out var problem))
        {
            AggregatorLog.BadReference(logger, record.Offset.Value, topic, problem ?? "");
        }
    }

    public void ReachEnd(CancellationToken cancellationToken)
    {
        if (_isLoading)
        {
            _isLoading = false;
            table.EndLoad();
            AggregatorLog.ReferenceLoaded(logger, topic, table.Count);
        }
    }

    public void Fail(int attempts, string reason) => AggregatorLog.ReferenceFails(logger, topic, attempts, reason);
}
