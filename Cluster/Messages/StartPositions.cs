using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Cluster.Reading;

namespace Streaming.Cluster.Messages;

/// <summary>Where reading begins in each partition, as offsets.</summary>
public static class StartPositions
{
    /// <summary>Asks for what is needed: the bounds of the logs always, offsets by time where a time is given.</summary>
    /// <returns>The offset to begin at and the log's bounds, of the partitions that answer.</returns>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public static async Task<Dictionary<TopicPartition, (long Start, LogBounds Bounds)>> FindAsync(
        TopicReader reader, IReadOnlyCollection<TopicPartition> partitions, ReadFrom from, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var bounds = await reader.BoundsAsync(partitions, cancellationToken, isolation).ConfigureAwait(false);
        var since = from is ReadFrom.Since { Instant: var instant }
            ? await reader.OffsetsAsync(partitions, OffsetSpec.ForTimestamp(Math.Max(0, instant.ToUnixTimeMilliseconds())), isolation, cancellationToken).ConfigureAwait(false)
            : [];
        return bounds.ToDictionary(pair => pair.Key, pair => (Of(from, pair.Value, since.TryGetValue(pair.Key, out var found) ? found : -1), pair.Value));
    }

    /// <summary>The offset to begin at, always within the log.</summary>
    /// <param name="since">The offset found by time; -1 for none.</param>
    internal static long Of(ReadFrom from, LogBounds log, long since) => from switch
    {
        ReadFrom.Beginning => log.Begin,
        ReadFrom.End => log.End,
        ReadFrom.At at => Math.Clamp(at.Offset, log.Begin, Math.Max(log.Begin, log.End)),
        ReadFrom.Newest newest => Math.Max(log.Begin, log.End - Math.Max(0, newest.Count)),
        ReadFrom.Since => since >= 0 ? since : log.End,
        _ => throw new ArgumentOutOfRangeException(nameof(from), from, "unknown beginning"),
    };
}
