using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Kafka;

namespace Streaming.Aggregator.Consuming;

/// <summary>Records that carry a trace: the checkpoint that takes them in is linked to them.</summary>
internal sealed partial class PartitionReader
{
    /// <summary>Sampled records of a partition that one checkpoint takes notice of; those beyond are counted like any other.</summary>
    private const int MostSampled = 8;

    private List<SampledRecord> _sampled = [];

    /// <summary>Notes a record that carries a trace; all others cost one look at their headers.</summary>
    private void Sample(ConsumeResult<byte[], byte[]> record, bool isTaken, bool isLate)
    {
        if (record.Message.Headers is { Count: > 0 } headers && _sampled.Count < MostSampled && TraceHeader.TryRead(headers, out var trace))
        {
            _sampled.Add(new SampledRecord(trace, isTaken ? Taken(record.Offset.Value, isLate, body: null) : null));
        }
    }

    /// <summary>The event that was decoded last.</summary>
    private TakenEvent Taken(long offset, bool isLate, byte[]? body) => new(offset, _reader.EventTimeMs, new GroupKey(_reader.Key), isLate, _reader.CopyValues(), body);
}
