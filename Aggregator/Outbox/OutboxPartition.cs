namespace Streaming.Aggregator.Outbox;

/// <summary>One input partition of one generation of a pipeline. Within it outbox rows are numbered from 1 without gaps, and relayed in that order.</summary>
internal readonly record struct OutboxPartition(int Generation, Guid TopicId, int Partition)
{
    public override string ToString() => $"{TopicId:D}/{Partition} of generation {Generation}";
}
