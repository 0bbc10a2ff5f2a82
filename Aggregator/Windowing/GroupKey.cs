using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Streaming.Aggregator.Windowing;

/// <summary>What events are grouped by, as its UTF-8 bytes. Equal bytes, equal keys; ordered as unsigned bytes. Never changes.</summary>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "Keys are sorted, nobody writes key < key.")]
public sealed class GroupKey : IEquatable<GroupKey>, IComparable<GroupKey>
{
    private readonly byte[] _utf8;
    private string? _text;

    /// <summary>Copies the bytes.</summary>
    public GroupKey(ReadOnlySpan<byte> utf8) => _utf8 = utf8.ToArray();

    public GroupKey(string text)
    {
        _text = text;
        _utf8 = Encoding.UTF8.GetBytes(text);
    }

    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>The key as text, decoded once. Bytes that are not UTF-8 become U+FFFD, so such keys are to be rejected before they come here.</summary>
    public string Text => _text ??= Encoding.UTF8.GetString(_utf8);

    public bool Equals(GroupKey? other) => other is not null && (ReferenceEquals(this, other) || Equals(other._utf8.AsSpan()));

    public bool Equals(ReadOnlySpan<byte> utf8) => utf8.SequenceEqual(_utf8);

    public override bool Equals(object? obj) => Equals(obj as GroupKey);

    public override int GetHashCode() => HashOf(_utf8);

    public int CompareTo(GroupKey? other) => other is null ? 1 : _utf8.AsSpan().SequenceCompareTo(other._utf8);

    public override string ToString() => Text;

    // HashCode is seeded at random per process, so nobody outside can choose keys that collide.
    internal static int HashOf(ReadOnlySpan<byte> utf8)
    {
        HashCode hash = default;
        hash.AddBytes(utf8);
        return hash.ToHashCode();
    }
}
