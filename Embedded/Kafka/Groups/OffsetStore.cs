namespace Streaming.Embedded.Kafka.Groups;

/// <summary>
/// The committed offsets of all groups, and those that wait for the end of a transaction, in memory and in a journal. The journal is written first:
/// what a client was told is durable. Callers take turns (the coordinator's lock).
/// </summary>
internal sealed class OffsetStore : IDisposable
{
    private readonly Dictionary<string, Dictionary<TopicPartition, CommittedOffset>> _groups = new(StringComparer.Ordinal);
    private readonly PendingOffsets _pending = new();
    private readonly Journal _journal;

    public OffsetStore(string path, bool fsync) => _journal = Journal.Open(path, fsync, Replay);

    /// <summary>Those that have offsets, be they only pending.</summary>
    public IReadOnlyCollection<string> Groups => _pending.Groups.Count == 0 ? _groups.Keys : [.. _groups.Keys.Union(_pending.Groups)];

    /// <summary>About how many bytes the pending offsets of all groups take.</summary>
    public long PendingBytes => _pending.SizeBytes;

    public bool Contains(string group) => _groups.ContainsKey(group) || _pending.Contains(group);

    public bool HasPending(string group) => _pending.Contains(group);

    /// <summary>What the group has committed; empty if nothing.</summary>
    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Of(string group) =>
        _groups.TryGetValue(group, out var offsets) ? offsets : System.Collections.ObjectModel.ReadOnlyDictionary<TopicPartition, CommittedOffset>.Empty;

    /// <summary>The partitions in which a transaction is about to commit.</summary>
    public HashSet<TopicPartition> PendingOf(string group) => _pending.PartitionsOf(group);

    /// <exception cref="IOException">The disk does not take them; nothing has changed.</exception>
    public void Commit(string group, IReadOnlyCollection<KeyValuePair<TopicPartition, CommittedOffset>> offsets) =>
        Change([.. offsets.Select(o => new OffsetEntry.Set(group, o.Key, o.Value))]);

    /// <summary>Keeps offsets until the producer's transaction ends.</summary>
    /// <exception cref="IOException">The disk does not take them; nothing has changed.</exception>
    public void CommitPending(string group, long producerId, IReadOnlyCollection<KeyValuePair<TopicPartition, CommittedOffset>> offsets) =>
        Change([.. offsets.Select(o => new OffsetEntry.Pending(group, o.Key, o.Value, producerId))]);

    /// <summary>The producer's transaction has ended. Nothing happens where nothing is pending, so that it can be told again.</summary>
    public void EndPending(string group, long producerId, bool committed) =>
        Change(_pending.Contains(group, producerId) ? [new OffsetEntry.PendingEnded(group, producerId, committed)] : []);

    public void Delete(string group, IEnumerable<TopicPartition> partitions) =>
        Change([.. partitions.Select(p => new OffsetEntry.Removed(group, p))]);

    public void DeleteGroup(string group) => Change([new OffsetEntry.GroupRemoved(group)]);

    /// <summary>A topic is gone: nobody goes on in it, and a later topic of that name begins anew.</summary>
    public void DeleteTopic(string topic) =>
        Change([.. Partitions().Where(p => p.Partition.Topic == topic).Select(static p => new OffsetEntry.Removed(p.Group, p.Partition))]);

    /// <summary>Forgets topics that are no more: a crash may have come between a topic's deletion and that of its offsets.</summary>
    public void KeepTopics(Func<string, bool> exists) =>
        Partitions().Select(static p => p.Partition.Topic).Distinct(StringComparer.Ordinal).Where(t => !exists(t)).ToList().ForEach(DeleteTopic);

    /// <summary>
    /// Drops what waits for a transaction that is not under way. Both journals are written in an order that leaves none behind when the process
    /// dies; a power cut without fsync may tear them apart, and readers would wait for ever.
    /// </summary>
    public void KeepTransactions(Func<string, long, bool> isUnderWay) =>
        Change([.. _pending.Producers().Where(p => !isUnderWay(p.Group, p.ProducerId))
            .Select(static p => new OffsetEntry.PendingEnded(p.Group, p.ProducerId, Committed: false))]);

    public void Dispose() => _journal.Dispose();

    private IEnumerable<(string Group, TopicPartition Partition)> Partitions() =>
        Groups.SelectMany(group => Of(group).Keys.Union(PendingOf(group)).Select(partition => (group, partition)));

    private void Change(IReadOnlyCollection<OffsetEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        _journal.Append([.. entries.Select(static entry => entry.Encode())]);
        foreach (var entry in entries)
        {
            Apply(entry);
        }

        if (_journal.IsMostlyOutdated)
        {
            var committed = _groups.SelectMany(static g => g.Value.Select(o => (OffsetEntry)new OffsetEntry.Set(g.Key, o.Key, o.Value)));
            _journal.Rewrite([.. committed.Concat(_pending.ToEntries()).Select(static entry => entry.Encode())]);
        }
    }

    private bool Replay(byte[] bytes)
    {
        var isEntry = OffsetEntry.TryDecode(bytes, out var entry);
        if (isEntry)
        {
            Apply(entry!);
        }

        return isEntry;
    }

    private void Apply(OffsetEntry entry)
    {
        switch (entry)
        {
            case OffsetEntry.Set set:
                Set(set.Group, set.Partition, set.Offset);
                break;
            case OffsetEntry.Removed removed:
                Remove(removed.Group, removed.Partition);
                _pending.Remove(removed.Group, removed.Partition);
                break;
            case OffsetEntry.GroupRemoved:
                _groups.Remove(entry.Group);
                _pending.RemoveGroup(entry.Group);
                break;
            case OffsetEntry.Pending pending:
                _pending.Set(pending.Group, pending.ProducerId, pending.Partition, pending.Offset);
                break;
            case OffsetEntry.PendingEnded ended:
                foreach (var (partition, offset) in _pending.Take(ended.Group, ended.ProducerId).Where(_ => ended.Committed))
                {
                    Set(ended.Group, partition, offset);
                }

                break;
        }
    }

    private void Set(string group, TopicPartition partition, CommittedOffset offset)
    {
        if (!_groups.TryGetValue(group, out var offsets))
        {
            _groups[group] = offsets = [];
        }

        offsets[partition] = offset;
    }

    private void Remove(string group, TopicPartition partition)
    {
        if (_groups.TryGetValue(group, out var offsets) && offsets.Remove(partition) && offsets.Count == 0)
        {
            _groups.Remove(group);
        }
    }
}
