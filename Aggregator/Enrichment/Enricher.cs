using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Enrichment;

/// <summary>What becomes of a record in a stateless stage.</summary>
/// <param name="Decoding">Taken, filtered or rejected.</param>
/// <param name="IsKnown">Whether the reference topic knows its key; without meaning unless it was taken.</param>
/// <param name="Value">The enriched record's value; null unless it was taken.</param>
public readonly record struct Enriched(Decoding Decoding, bool IsKnown, byte[]? Value);

/// <summary>Turns a record into the one that is published: a pure function of the record and of what the table holds at the moment.</summary>
public abstract class Enricher
{
    /// <summary>Whether the record is taken and its key is not in the table: it is worth waiting for.</summary>
    public abstract bool IsMissing(in RecordBytes record);

    /// <summary>The record, joined with the row of its key, or with none.</summary>
    public abstract Enriched Enrich(in RecordBytes record);
}
