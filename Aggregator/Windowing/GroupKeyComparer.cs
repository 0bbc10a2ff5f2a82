namespace Streaming.Aggregator.Windowing;

/// <summary>Lets a dictionary of keys be asked with bytes, so that an event whose key is known allocates nothing.</summary>
internal sealed class GroupKeyComparer : IEqualityComparer<GroupKey>, IAlternateEqualityComparer<ReadOnlySpan<byte>, GroupKey>
{
    public static readonly GroupKeyComparer Instance = new();

    private GroupKeyComparer()
    {
    }

    public bool Equals(GroupKey? x, GroupKey? y) => x is null ? y is null : x.Equals(y);

    public int GetHashCode(GroupKey obj) => obj.GetHashCode();

    public bool Equals(ReadOnlySpan<byte> alternate, GroupKey other) => other.Equals(alternate);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => GroupKey.HashOf(alternate);

    public GroupKey Create(ReadOnlySpan<byte> alternate) => new(alternate);
}
