namespace Streaming.Dashboard.Feed;

/// <summary>One partition of one topic; a topic that was deleted and created anew has another id.</summary>
public readonly record struct PartitionId(Guid TopicId, int Partition);
