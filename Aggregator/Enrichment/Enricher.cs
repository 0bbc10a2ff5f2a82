using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Enrichment;

/// <summary>What becomes of a record in a stateless stage.</summary>
/// <param name="Decoding">Taken, filtered or rejected.</param>
/// <param name="IsKnown">Whether the reference topic knows its key; without meaning unless it was taken.</param>
/// <param name="Value">The enriched record's value; null unless it was taken.</param>
public readonly record struct Enriched(Decoding Decoding, bool IsKnown, byte[]? Value);

/// <summary>Turns a record into an enriched one: a pure function of the record and of what the table holds at the moment.</summary>
public abstract class Enricher
{
    /// <summary>Whether the record is taken and its key is not in the table: it is worth waiting for.</summary>
    public abstract bool IsMissing(in RecordBytes record);

    /// <summary>The record, joined with the row of its key, or with none.</summary>
    public abstract Enriched Enrich(in RecordBytes record);
}

/// <summary>Decode, look up, join, encode.</summary>
internal sealed class TypedEnricher<TEvent, TRow, TEnriched>(
    EventDecoder<TEvent> decode, Func<TEvent, ReadOnlyMemory<byte>> key, Func<TEvent, DateTimeOffset, TRow?, TEnriched> join, Func<TEnriched, byte[]> encode,
    ReferenceTable<TRow> table) : Enricher
    where TRow : class
{
    public override bool IsMissing(in RecordBytes record)
    {
        try
        {
            return decode(record, out var e, out _).IsTaken && table.Find(key(e).Span) is null;
        }
        catch (Exception e) when (Decoding.IsOfEvent(e))
        {
            // Nothing to wait for: it is rejected.
            return false;
        }
    }

    /// <summary>An exception out of the definition's code rejects the record that it was thrown on, and no other.</summary>
    public override Enriched Enrich(in RecordBytes record)
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

        var row = table.Find(key(e).Span);
        return new Enriched(decoding, row is not null, encode(join(e, DateTimeOffset.FromUnixTimeMilliseconds(eventTimeMs), row)));
    }

    private static Enriched Rejected(Decoding decoding) => new(decoding, IsKnown: false, Value: null);
}
