using Streaming.Aggregator.Pipelines;
using Streaming.Contracts;

namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// The stateless first stage of a pipeline: records of one topic, joined with a compacted topic, published as another topic in Kafka transactions. What the
/// join found is fixed in the published record; all that follows reads only that.
/// </summary>
/// <param name="Pipeline">The pipeline that it belongs to.</param>
/// <param name="Source">The topic that it reads.</param>
/// <param name="Reference">The compacted topic that it joins with, held in memory by each instance.</param>
/// <param name="Through">The topic that it publishes, with the keys of the source's records.</param>
/// <param name="DeadLetter">Takes records that are no acceptable event.</param>
/// <param name="CreateTable">Makes an empty table of the reference topic.</param>
/// <param name="CreateEnricher">Makes what turns records into enriched ones, for one thread.</param>
public sealed record EnrichmentDefinition(
    string Pipeline,
    SourceTopic Source,
    TopicDeclaration Reference,
    TopicDeclaration Through,
    TopicDeclaration DeadLetter,
    Func<ReferenceTable> CreateTable,
    Func<ReferenceTable, Enricher> CreateEnricher);

/// <summary>How events of a topic that a stage publishes are written, and read by the next.</summary>
/// <param name="Encode">An event as a record's value.</param>
/// <param name="Decode">Reads it again.</param>
public sealed record EventCodec<TEvent>(Func<TEvent, byte[]> Encode, EventDecoder<TEvent> Decode);
