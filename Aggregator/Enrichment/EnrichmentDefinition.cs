using Streaming.Aggregator.Pipelines;
using Streaming.Contracts;

namespace Streaming.Aggregator.Enrichment;

/// <summary>
/// The stateless first stage of a pipeline: records of one topic, filtered and mapped, perhaps joined with a compacted topic, published as another topic in Kafka
/// transactions. What a join found is fixed in the published record; all that follows reads only that.
/// </summary>
/// <param name="Pipeline">The pipeline that it belongs to.</param>
/// <param name="Source">The topic that it reads.</param>
/// <param name="Reference">The compacted topic that it joins with, held in memory by each instance; null: it joins with nothing.</param>
/// <param name="Through">The topic that it publishes, with the keys of the source's records.</param>
/// <param name="DeadLetter">Takes records that are no acceptable event.</param>
/// <param name="CreateEnricher">Makes what turns records into those that are published, for one thread; from the reference's table, if there is one.</param>
public sealed record EnrichmentDefinition(
    string Pipeline,
    SourceTopic Source,
    ReferenceSource? Reference,
    TopicDeclaration Through,
    TopicDeclaration DeadLetter,
    Func<ReferenceTable?, Enricher> CreateEnricher)
{
    /// <summary>Its topics that are this application's own.</summary>
    public IEnumerable<TopicDeclaration> OwnTopics => new[] { Source.Declaration, Reference?.Topic, Through, DeadLetter }.OfType<TopicDeclaration>();
}

/// <summary>What a stage joins with.</summary>
/// <param name="Topic">The compacted topic.</param>
/// <param name="CreateTable">Makes an empty table of it.</param>
public sealed record ReferenceSource(TopicDeclaration Topic, Func<ReferenceTable> CreateTable);

/// <summary>How events of a topic that a stage publishes are written, and read by the next.</summary>
/// <param name="Encode">An event as a record's value.</param>
/// <param name="Decode">Reads it again.</param>
public sealed record EventCodec<TEvent>(Func<TEvent, byte[]> Encode, EventDecoder<TEvent> Decode);
