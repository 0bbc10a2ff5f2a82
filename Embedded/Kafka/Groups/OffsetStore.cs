namespace Streaming.Embedded.Kafka.Groups;

/// <summary>
/// The committed offsets of all groups, in memory and in a journal. The journal is written first: what a client was told is durable.
/// Callers take turns (the coordinator's lock).
/// </summary>
internal sealed class OffsetStore : IDisposable
{
    /// <summary>A journal below this size, in bytes, is not worth rewriting.</summary>
    private const long MinRewriteBytes = 4 << 20;

    /// <summary>About the size, in bytes, of one entry in the journal; decides only when it is rewritten.</summary>
    private const long TypicalEntryBytes = 96;

    private readonly Dictionary<string, Dictionary<TopicPartition, CommittedOffset>> _groups = new(StringComparer.Ordinal);
    private readonly OffsetJournal _journal;
    private long _count;

    public OffsetStore(string path, bool fsync) => _journal = OffsetJournal.Open(path, fsync, Apply);

    public IReadOnlyCollection<string> Groups => _groups.Keys;

    public bool Contains(string group) => _groups.ContainsKey(group);

    /// <summary>What the group has committed; empty if nothing.</summary>
    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Of(string group) =>
        _groups.TryGetValue(group, out var offsets) ? offsets : System.Collections.ObjectModel.ReadOnlyDictionary<TopicPartition, CommittedOffset>.Empty;

    /// <exception cref="IOException">The disk does not take them; nothing has changed.</exception>
    public void Commit(string group, IReadOnlyCollection<KeyValuePair<TopicPartition, CommittedOffset>> offsets) =>
        Change([.. offsets.Select(o => new OffsetEntry(group, o.Key, o.Value))]);

    public void Delete(string group, IEnumerable<TopicPartition> partitions) =>
        Change([.. partitions.Select(p => new OffsetEntry(group, p, null))]);

    public void DeleteGroup(string group) => Change([new OffsetEntry(group, null, null)]);

    /// <summary>A topic is gone: nobody goes on in it, and a later topic of that name begins anew.</summary>
    public void DeleteTopic(string topic) =>
        Change([.. _groups.SelectMany(g => g.Value.Keys.Where(p => p.Topic == topic).Select(p => new OffsetEntry(g.Key, p, null)))]);

    /// <summary>Forgets topics that are no more: a crash may have come between a topic's deletion and that of its offsets.</summary>
    public void KeepTopics(Func<string, bool> exists) =>
        _groups.Values.SelectMany(static g => g.Keys).Select(static p => p.Topic).Distinct(StringComparer.Ordinal).Where(t => !exists(t)).ToList()
            .ForEach(DeleteTopic);

    public void Dispose() => _journal.Dispose();

    private void Change(IReadOnlyCollection<OffsetEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        _journal.Append(entries);
        foreach (var entry in entries)
        {
            Apply(entry);
        }

        if (_journal.SizeBytes > MinRewriteBytes && _journal.SizeBytes > 4 * TypicalEntryBytes * _count)
        {
            _journal.Rewrite([.. _groups.SelectMany(static g => g.Value.Select(o => new OffsetEntry(g.Key, o.Key, o.Value)))]);
        }
    }

    private void Apply(OffsetEntry entry)
    {
        if (entry.Partition is not { } partition)
        {
            _count -= _groups.Remove(entry.Group, out var removed) ? removed.Count : 0;
        }
        else if (entry.Offset is { } offset)
        {
            if (!_groups.TryGetValue(entry.Group, out var offsets))
            {
                _groups[entry.Group] = offsets = [];
            }

            _count += offsets.ContainsKey(partition) ? 0 : 1;
            offsets[partition] = offset;
        }
        else if (_groups.TryGetValue(entry.Group, out var offsets) && offsets.Remove(partition))
        {
            _count--;
            if (offsets.Count == 0)
            {
                _groups.Remove(entry.Group);
            }
        }
    }
}
