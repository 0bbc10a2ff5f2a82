namespace Streaming.Aggregator.Checkpoints;

/// <summary>One partition of a pipeline's source topic: the key of its row in <c>checkpoints</c>.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Generation">The generation whose results are built.</param>
/// <param name="TopicId">Kafka's id of the topic; a topic created anew under the same name has another.</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition's number.</param>
public sealed record InputPartition(string Pipeline, int Generation, Guid TopicId, string Topic, int Partition)
{
    public override string ToString() => $"{Pipeline}/{Generation} {Topic}[{Partition}] ({TopicId})";
}
