using System.Diagnostics.CodeAnalysis;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Handlers;

/// <summary>Finding a partition by what requests name it with.</summary>
internal static class PartitionLookup
{
    public static bool TryGetPartition(this TopicStore store, string topic, int index, [NotNullWhen(true)] out PartitionLog? log)
    {
        log = null;
        return store.TryGet(topic, out var found) && found.TryGetPartition(index, out log);
    }

    public static bool TryGetPartition(this Topic topic, int index, [NotNullWhen(true)] out PartitionLog? log)
    {
        var partitions = topic.Partitions;
        log = (uint)index < (uint)partitions.Count ? partitions[index] : null;
        return log is not null;
    }
}
