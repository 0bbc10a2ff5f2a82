namespace Streaming.Aggregator.Outbox;

/// <summary>What PostgreSQL knows of a partition's rows.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Gone">Rows up to this number have left the outbox: a relay saw them in Kafka.</param>
/// <param name="Given">The last number given.</param>
internal readonly record struct KnownRows(OutboxPartition Partition, long Gone, long Given);

/// <summary>
/// Holds the cursors against PostgreSQL. Rows leave the outbox only after their cursor was committed, and a cursor names only rows that were given, so
/// <c>Gone ≤ cursor ≤ Given</c>. Anything else means that one of the two was lost, replaced or restored.
/// </summary>
internal static class CursorCheck
{
    /// <summary>The partitions where the two contradict each other.</summary>
    public static IReadOnlyList<KnownRows> Contradictions(IReadOnlyDictionary<OutboxPartition, long> cursors, IEnumerable<KnownRows> known) =>
        [.. known.Where(rows => cursors.GetValueOrDefault(rows.Partition) is var cursor && (cursor < rows.Gone || cursor > rows.Given))];

    /// <summary>The contradictions in words.</summary>
    public static string Describe(IReadOnlyDictionary<OutboxPartition, long> cursors, IReadOnlyList<KnownRows> contradictions)
    {
        var (partition, gone, given) = contradictions[0];
        var others = contradictions.Count > 1 ? $" (and {contradictions.Count - 1} more partitions)" : "";
        return cursors.TryGetValue(partition, out var cursor)
            ? $"{partition}{others}: rows up to {gone} have left the outbox and {given} were written, but the topic outbox-cursors says that {cursor} were relayed"
            : $"{partition}{others}: rows up to {gone} have left the outbox, but the topic outbox-cursors has no cursor";
    }
}
