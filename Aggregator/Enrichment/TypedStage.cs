using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Enrichment;

/// <summary>Decode (with filters and maps in it), then what the stage makes of the event.</summary>
internal abstract class TypedStage<TEvent>(EventDecoder<TEvent> decode) : Enricher
{
    /// <summary>An exception out of the definition's code rejects the record that it was thrown on, and no other.</summary>
    public sealed override Enriched Enrich(in RecordBytes record)
    {
        try
        {
            return EnrichSteps(record);
        }
        catch (Exception e) when (Decoding.IsOfEvent(e))
        {
            return Rejected(Decoding.Failed(e));
        }
    }

    /// <summary>Reads an event.</summary>
    protected Decoding Decode(in RecordBytes record, out TEvent e) => decode(record, out e, out _);

    /// <summary>What is published of an event, and whether what it was joined with is known.</summary>
    protected abstract (byte[] Value, bool IsKnown) Publish(TEvent e, DateTimeOffset time);

    private Enriched EnrichSteps(in RecordBytes record)
    {
        var decoding = decode(record, out var e, out var eventTimeMs);
        if (!decoding.IsTaken)
        {
            return Rejected(decoding);
        }

        if (eventTimeMs < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || eventTimeMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return Rejected(Decoding.Rejected("bad-timestamp", "the event time is out of range"));
        }

        var (value, isKnown) = Publish(e, DateTimeOffset.FromUnixTimeMilliseconds(eventTimeMs));
        return new Enriched(decoding, isKnown, value);
    }

    private static Enriched Rejected(Decoding decoding) => new(decoding, IsKnown: false, Value: null);
}

/// <summary>Encodes the event as it is: the filters and maps before have done the work.</summary>
internal sealed class TypedTransformer<TEvent>(EventDecoder<TEvent> decode, Func<TEvent, byte[]> encode) : TypedStage<TEvent>(decode)
{
    public override bool IsMissing(in RecordBytes record) => false;

    protected override (byte[] Value, bool IsKnown) Publish(TEvent e, DateTimeOffset time) => (encode(e), true);
}

/// <summary>Looks up, joins, encodes.</summary>
internal sealed class TypedEnricher<TEvent, TRow, TEnriched>(
    EventDecoder<TEvent> decode, Func<TEvent, ReadOnlyMemory<byte>> key, Func<TEvent, DateTimeOffset, TRow?, TEnriched> join, Func<TEnriched, byte[]> encode,
    ReferenceTable<TRow> table) : TypedStage<TEvent>(decode)
    where TRow : class
{
    public override bool IsMissing(in RecordBytes record)
    {
        try
        {
            return Decode(record, out var e).IsTaken && table.Find(key(e).Span) is null;
        }
        catch (Exception e) when (Decoding.IsOfEvent(e))
        {
            // Nothing to wait for: it is rejected.
            return false;
        }
    }

    protected override (byte[] Value, bool IsKnown) Publish(TEvent e, DateTimeOffset time)
    {
        var row = table.Find(key(e).Span);
        return (encode(join(e, time, row)), row is not null);
    }
}
