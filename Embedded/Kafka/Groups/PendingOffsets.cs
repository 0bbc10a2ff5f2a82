namespace Streaming.Embedded.Kafka.Groups;

/// <summary>Offsets that transactions have sent and not yet committed (KIP-98), by group and producer. No I/O, no lock.</summary>
internal sealed class PendingOffsets
{
    private readonly Dictionary<string, Dictionary<long, Dictionary<TopicPartition, CommittedOffset>>> _groups = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Groups => _groups.Keys;

    /// <summary>About how many bytes all of them take.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>About how many bytes one takes.</summary>
    public static long SizeOf(CommittedOffset offset) => 200 + (2L * (offset.Metadata?.Length ?? 0));

    public bool Contains(string group) => _groups.ContainsKey(group);

    public bool Contains(string group, long producerId) => _groups.TryGetValue(group, out var producers) && producers.ContainsKey(producerId);

    /// <summary>The partitions in which the group has a pending offset.</summary>
    public HashSet<TopicPartition> PartitionsOf(string group) =>
        _groups.TryGetValue(group, out var producers) ? [.. producers.Values.SelectMany(static p => p.Keys)] : [];

    /// <summary>The producers that have pending offsets, with the groups.</summary>
    public List<(string Group, long ProducerId)> Producers() => [.. _groups.SelectMany(static g => g.Value.Keys.Select(id => (g.Key, id)))];

    public void Set(string group, long producerId, TopicPartition partition, CommittedOffset offset)
    {
        if (!_groups.TryGetValue(group, out var producers))
        {
            _groups[group] = producers = [];
        }

        if (!producers.TryGetValue(producerId, out var offsets))
        {
            producers[producerId] = offsets = [];
        }

        SizeBytes += SizeOf(offset) - (offsets.TryGetValue(partition, out var former) ? SizeOf(former) : 0);
        offsets[partition] = offset;
    }

    /// <summary>Takes out what the producer has pending in the group.</summary>
    public IReadOnlyCollection<KeyValuePair<TopicPartition, CommittedOffset>> Take(string group, long producerId)
    {
        if (!_groups.TryGetValue(group, out var producers) || !producers.Remove(producerId, out var offsets))
        {
            return [];
        }

        SizeBytes -= offsets.Values.Sum(SizeOf);
        RemoveIfEmpty(group, producers);
        return offsets;
    }

    public void Remove(string group, TopicPartition partition)
    {
        if (!_groups.TryGetValue(group, out var producers))
        {
            return;
        }

        foreach (var (producerId, offsets) in producers.ToList())
        {
            SizeBytes -= offsets.Remove(partition, out var former) ? SizeOf(former) : 0;
            if (offsets.Count == 0)
            {
                producers.Remove(producerId);
            }
        }

        RemoveIfEmpty(group, producers);
    }

    public void RemoveGroup(string group)
    {
        if (_groups.Remove(group, out var producers))
        {
            SizeBytes -= producers.Values.SelectMany(static p => p.Values).Sum(SizeOf);
        }
    }

    public IEnumerable<OffsetEntry> ToEntries() =>
        from g in _groups
        from producer in g.Value
        from pending in producer.Value
        select new OffsetEntry.Pending(g.Key, pending.Key, pending.Value, producer.Key);

    private void RemoveIfEmpty(string group, Dictionary<long, Dictionary<TopicPartition, CommittedOffset>> producers)
    {
        if (producers.Count == 0)
        {
            _groups.Remove(group);
        }
    }
}
