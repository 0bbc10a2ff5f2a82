namespace Streaming.Dashboard.Feed;

/// <summary>The result of one store in one window. Instances are immutable and shared by all browsers.</summary>
/// <param name="Source">The input partition that it was computed from.</param>
/// <param name="Start">First instant, UTC, inclusive.</param>
/// <param name="End">End, UTC, exclusive.</param>
/// <param name="StoreId">The store.</param>
/// <param name="Count">Sales in the window.</param>
/// <param name="Sum">Their amounts, in whole units of the store's currency.</param>
/// <param name="Min">Smallest amount; without meaning while <paramref name="Count"/> is 0.</param>
/// <param name="Max">Largest amount; without meaning while <paramref name="Count"/> is 0.</param>
/// <param name="Late">Events that came after the window had closed; in none of the measures.</param>
/// <param name="IsFinal">Whether the measures change no more.</param>
/// <param name="Version">The partition's checkpoint that wrote it last.</param>
public sealed record SalesWindow(
    PartitionId Source,
    DateTimeOffset Start,
    DateTimeOffset End,
    string StoreId,
    long Count,
    decimal Sum,
    long Min,
    long Max,
    long Late,
    bool IsFinal,
    long Version)
{
    /// <summary>The average amount; null while there is no sale.</summary>
    public decimal? Mean => Count == 0 ? null : Sum / Count;
}
