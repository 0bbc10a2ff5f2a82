using System.Collections.Immutable;

namespace Streaming.Cluster.Messages;

/// <summary>A record that was looked at: its whole size and as much of its bytes as was kept.</summary>
public sealed record PeekedMessage(
    string Topic, int Partition, long Offset, DateTimeOffset? Timestamp, bool IsAppendTime, PeekedBytes? Key, PeekedBytes? Value, ImmutableArray<PeekedHeader> Headers);

/// <summary>A record's header; a null value is allowed in Kafka.</summary>
public sealed record PeekedHeader(string Name, PeekedBytes? Value);

/// <summary>Bytes of which perhaps only the beginning was kept.</summary>
/// <param name="Kept">The bytes themselves, or their beginning.</param>
/// <param name="Size">How many there are in the record.</param>
public sealed record PeekedBytes(ReadOnlyMemory<byte> Kept, int Size)
{
    /// <summary>Whether bytes are missing at the end.</summary>
    public bool IsCut => Kept.Length < Size;

    /// <summary>Keeps at most <paramref name="limit"/> bytes; null stays null.</summary>
    public static PeekedBytes? Of(byte[]? bytes, int limit) =>
        bytes is null ? null : new PeekedBytes(bytes.Length <= limit ? bytes : bytes.AsSpan(0, limit).ToArray(), bytes.Length);
}
