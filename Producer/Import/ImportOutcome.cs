namespace Streaming.Producer.Import;

/// <summary>How far an import has come; taken at any moment.</summary>
/// <param name="BytesRead">Bytes of the input that were read.</param>
/// <param name="Length">Bytes of the input in all; null when that is not known.</param>
/// <param name="Records">Records that were sent off.</param>
/// <param name="Elapsed">Since the first record.</param>
public readonly record struct ImportProgress(long BytesRead, long? Length, long Records, TimeSpan Elapsed)
{
    /// <summary>Mean records per second.</summary>
    public double RecordsPerSecond => Elapsed > TimeSpan.Zero ? Records / Elapsed.TotalSeconds : 0;
}

/// <summary>How an import ended.</summary>
/// <param name="Delivered">Records that Kafka has acknowledged.</param>
/// <param name="Rejected">Records that could not be read.</param>
/// <param name="Unknown">Records that were sent off and of which nothing was heard: they may be in the topic.</param>
/// <param name="NextLine">The line at which a later import goes on; null when there is nothing left to do.</param>
/// <param name="Problem">Why it ended before the end; null when it came to the end or was stopped by a person.</param>
/// <param name="Backwards">By how much an event was older than one before it, at most.</param>
public sealed record ImportOutcome(long Delivered, long Rejected, int Unknown, long? NextLine, string? Problem, TimeSpan Backwards)
{
    /// <summary>Whether the input was read to its end and all of it was delivered.</summary>
    public bool IsComplete => NextLine is null;
}
