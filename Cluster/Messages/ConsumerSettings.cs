using Confluent.Kafka;

namespace Streaming.Cluster.Messages;

/// <summary>A consumer that reads partitions by hand and leaves no trace in the cluster: no membership, no committed offsets, no topic created.</summary>
internal static class ConsumerSettings
{
    // Never joined and never committed to: the client wants a name before it consumes.
    private const string NoGroup = "streaming-look";

    /// <param name="fetchBytes">How much is fetched ahead at most, about.</param>
    public static ConsumerConfig Of(ClusterConnection cluster, IsolationLevel isolation, int fetchBytes) =>
        new(cluster.Settings.ToDictionary(pair => pair.Key, pair => pair.Value))
        {
            GroupId = NoGroup,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            EnablePartitionEof = true,
            AllowAutoCreateTopics = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            IsolationLevel = isolation,
            FetchWaitMaxMs = 100,
            FetchQueueBackoffMs = 1,
            QueuedMinMessages = 1,
            QueuedMaxMessagesKbytes = Math.Max(1, fetchBytes / 1024),
            FetchMaxBytes = Math.Max(fetchBytes, 64 * 1024),
            MaxPartitionFetchBytes = Math.Min(fetchBytes, 1024 * 1024),
            MessageMaxBytes = Math.Clamp(fetchBytes, 1000, 1024 * 1024),
        };
}
