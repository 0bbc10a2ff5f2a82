using System.Buffers.Binary;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>
/// The fixed head of a record batch, format v2 (kafka.apache.org/documentation, "Record Batch"). All numbers are big-endian;
/// offsets of the fields in bytes stand beside them.
/// </summary>
/// <param name="BaseOffset">@0: offset of the first record.</param>
/// <param name="BatchLength">@8: bytes after this field.</param>
/// <param name="PartitionLeaderEpoch">@12: set by the broker.</param>
/// <param name="Magic">@16: 2.</param>
/// <param name="Crc">@17: CRC-32C of everything from the attributes on.</param>
/// <param name="Attributes">@21: compression, timestamp type, transactional, control.</param>
/// <param name="LastOffsetDelta">@23: offset of the last record less that of the first.</param>
/// <param name="BaseTimestamp">@27: epoch milliseconds that the records' timestamps are counted from; with a delete horizon it is that.</param>
/// <param name="MaxTimestamp">@35: epoch milliseconds, or -1.</param>
/// <param name="ProducerId">@43: -1 unless idempotent.</param>
/// <param name="ProducerEpoch">@51.</param>
/// <param name="BaseSequence">@53: sequence number of the first record; -1 unless idempotent.</param>
/// <param name="RecordCount">@57.</param>
public readonly record struct RecordBatchHeader(
    long BaseOffset, int BatchLength, int PartitionLeaderEpoch, sbyte Magic, uint Crc, BatchAttributes Attributes, int LastOffsetDelta,
    long BaseTimestamp, long MaxTimestamp, long ProducerId, short ProducerEpoch, int BaseSequence, int RecordCount)
{
    /// <summary>Size of the head in bytes; the records follow.</summary>
    public const int Size = 61;

    /// <summary>Bytes before the part that <see cref="BatchLength"/> counts.</summary>
    public const int LengthOverhead = 12;

    /// <summary>Where the part that the checksum covers begins.</summary>
    public const int ChecksummedFrom = 21;

    /// <summary>The whole batch in bytes.</summary>
    public long TotalSize => (long)BatchLength + LengthOverhead;

    /// <summary>Offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>How the records are compressed.</summary>
    public CompressionCodec Compression => (CompressionCodec)(Attributes & BatchAttributes.CompressionMask);

    /// <summary>Whether the batch carries sequence numbers.</summary>
    public bool IsIdempotent => ProducerId >= 0;

    /// <summary>Whether the records are part of a transaction.</summary>
    public bool IsTransactional => (Attributes & BatchAttributes.Transactional) != 0;

    /// <summary>Whether the broker wrote it: a transaction's marker, no data.</summary>
    public bool IsControl => (Attributes & BatchAttributes.Control) != 0;

    /// <summary>From when on (epoch milliseconds) the batch's deletion markers may go (KIP-534); null while it has not been cleaned.</summary>
    public long? DeleteHorizonMs => Attributes.HasFlag(BatchAttributes.DeleteHorizon) ? BaseTimestamp : null;

    /// <summary>Reads a head; the bytes must be at least <see cref="Size"/>.</summary>
    public static RecordBatchHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes),
        BinaryPrimitives.ReadInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[12..]),
        (sbyte)bytes[16],
        BinaryPrimitives.ReadUInt32BigEndian(bytes[17..]),
        (BatchAttributes)BinaryPrimitives.ReadInt16BigEndian(bytes[21..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[23..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[27..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[35..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[43..]),
        BinaryPrimitives.ReadInt16BigEndian(bytes[51..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[53..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[57..]));

    /// <summary>Writes the whole head; the records must lie behind it already, for the checksum is taken anew.</summary>
    public void Write(Span<byte> batch)
    {
        WritePlace(batch, BaseOffset, PartitionLeaderEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[8..], BatchLength);
        batch[16] = (byte)Magic;
        BinaryPrimitives.WriteInt32BigEndian(batch[23..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[27..], BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[43..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[51..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[53..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[57..], RecordCount);
        WriteTimestamps(batch, Attributes, MaxTimestamp);
    }

    /// <summary>Sets what the broker decides; none of it is under the checksum.</summary>
    public static void WritePlace(Span<byte> batch, long baseOffset, int partitionLeaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], partitionLeaderEpoch);
    }

    /// <summary>Sets the timestamp type and the largest timestamp of a whole batch, and its checksum anew.</summary>
    public static void WriteTimestamps(Span<byte> batch, BatchAttributes attributes, long maxTimestamp)
    {
        BinaryPrimitives.WriteInt16BigEndian(batch[21..], (short)attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], maxTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(batch[17..], Crc32C.Compute(batch[ChecksummedFrom..]));
    }
}

/// <summary>The bits of a batch's attributes.</summary>
[Flags]
public enum BatchAttributes : short
{
    /// <summary>Uncompressed, the producer's timestamps, no transaction.</summary>
    None = 0,

    /// <summary>The bits that hold the <see cref="CompressionCodec"/>.</summary>
    CompressionMask = 0x07,

    /// <summary>The records carry the broker's time, which stands in the largest timestamp.</summary>
    LogAppendTime = 0x08,

    /// <summary>Part of a transaction.</summary>
    Transactional = 0x10,

    /// <summary>Written by the broker itself (transaction markers).</summary>
    Control = 0x20,

    /// <summary>Cleaned once: the base timestamp says from when on the batch's deletion markers may go (KIP-534).</summary>
    DeleteHorizon = 0x40,
}

/// <summary>How the records of a batch are compressed.</summary>
public enum CompressionCodec
{
    /// <summary>Not.</summary>
    None = 0,

    /// <summary>gzip, RFC 1952.</summary>
    Gzip = 1,

    /// <summary>Snappy, bare or in xerial's framing.</summary>
    Snappy = 2,

    /// <summary>LZ4 frames.</summary>
    Lz4 = 3,

    /// <summary>Zstandard.</summary>
    Zstd = 4,
}
