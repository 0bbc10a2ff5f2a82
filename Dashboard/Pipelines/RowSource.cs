namespace Streaming.Dashboard.Pipelines;

/// <summary>Where a row comes from: one partition of one topic, as one generation of the pipeline has read it.</summary>
public readonly record struct RowSource(int Generation, Guid TopicId, int Partition);
