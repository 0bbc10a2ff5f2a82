using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.References;

/// <summary>
/// The keys that the reference topic knows. Results never depend on it (a replay must give the same numbers whatever the reference topic said
/// at the time): it only counts and reports events whose key nobody has described. Written by one thread, read by others.
/// </summary>
public sealed class KnownKeys
{
    private volatile HashSet<GroupKey>? _keys;

    /// <summary>False until the reference topic has been read once; then every key counts as known.</summary>
    public bool IsLoaded => _keys is not null;

    public int Count => _keys?.Count ?? 0;

    /// <summary>Takes over what the topic says now.</summary>
    public void Replace(IEnumerable<GroupKey> keys) => _keys = new HashSet<GroupKey>(keys, GroupKeyComparer.Instance);

    /// <summary>Whether the key is described, or nothing is known yet.</summary>
    public bool Contains(ReadOnlySpan<byte> utf8) =>
        _keys is not { } keys || keys.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(utf8);
}
