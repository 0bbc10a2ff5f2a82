namespace Streaming.Aggregator.Enrichment;

/// <summary>What a stage has done with records, in committed transactions.</summary>
/// <param name="Taken">Records read.</param>
/// <param name="Published">Records published.</param>
/// <param name="Filtered">Events that a filter passed over.</param>
/// <param name="Rejected">Records sent to the dead-letter topic.</param>
/// <param name="Unknown">Of those published: events whose key the reference topic does not know.</param>
public readonly record struct StageCounts(long Taken, long Published, long Filtered, long Rejected, long Unknown)
{
    public static StageCounts operator +(StageCounts left, StageCounts right) => new(
        left.Taken + right.Taken, left.Published + right.Published, left.Filtered + right.Filtered, left.Rejected + right.Rejected, left.Unknown + right.Unknown);
}
