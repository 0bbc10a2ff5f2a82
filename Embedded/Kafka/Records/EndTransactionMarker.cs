using System.Buffers.Binary;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>
/// The record that ends a transaction in a partition, alone in a control batch (KIP-98, "Control Messages"; message definition
/// <c>EndTxnMarker</c>). Key: version 0 and type (0 abort, 1 commit), two bytes each; value: version 0 in two bytes, coordinator epoch in four.
/// </summary>
/// <param name="IsCommit">Committed, else aborted.</param>
/// <param name="CoordinatorEpoch">Epoch of the coordinator that decided; an older one's markers are refused.</param>
public readonly record struct EndTransactionMarker(bool IsCommit, int CoordinatorEpoch)
{
    private const short Version = 0;
    private const short AbortType = 0;
    private const short CommitType = 1;
    private const int KeySize = 4;
    private const int ValueSize = 6;

    // Every number of the record is so small that its varint is one byte.
    private const int RecordSize = 1 + 1 + 1 + 1 + KeySize + 1 + ValueSize + 1;
    private const int BatchSize = RecordBatchHeader.Size + 1 + RecordSize;

    /// <summary>The control batch with this marker; base offset 0, as a produced batch has it.</summary>
    /// <param name="producerId">Whose transaction ends.</param>
    /// <param name="producerEpoch">The epoch from which on the producer may go on.</param>
    /// <param name="nowMs">Epoch milliseconds.</param>
    public byte[] ToBatch(long producerId, short producerEpoch, long nowMs)
    {
        var batch = new byte[BatchSize];
        WriteRecord(batch.AsSpan(RecordBatchHeader.Size));
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), BatchSize - RecordBatchHeader.LengthOverhead);
        batch[16] = 2;
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), nowMs);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), -1); // no sequence
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 1);
        RecordBatchHeader.WriteTimestamps(batch, BatchAttributes.Transactional | BatchAttributes.Control, nowMs);
        return batch;
    }

    /// <summary>Reads the records of a control batch; null if they are no such marker (clients pass over control records they do not know, and so do we).</summary>
    public static EndTransactionMarker? TryRead(ReadOnlySpan<byte> records)
    {
        var at = 0;
        return Varint.TryRead(records, ref at, out var length) && length == records.Length - at
            && SkipHead(records, ref at)
            && TryTake(records, ref at, KeySize, out var key) && TryTake(records, ref at, ValueSize, out var value)
            && BinaryPrimitives.ReadInt16BigEndian(key[2..]) is var type and (AbortType or CommitType)
                ? new EndTransactionMarker(type == CommitType, BinaryPrimitives.ReadInt32BigEndian(value[2..]))
                : null;
    }

    private void WriteRecord(Span<byte> record)
    {
        record[0] = Small(RecordSize);
        // attributes, timestamp delta, offset delta: 0
        record[4] = Small(KeySize);
        BinaryPrimitives.WriteInt16BigEndian(record[5..], Version);
        BinaryPrimitives.WriteInt16BigEndian(record[7..], IsCommit ? CommitType : AbortType);
        record[9] = Small(ValueSize);
        BinaryPrimitives.WriteInt16BigEndian(record[10..], Version);
        BinaryPrimitives.WriteInt32BigEndian(record[12..], CoordinatorEpoch);
        // no headers: 0
    }

    private static byte Small(int value) => (byte)(value << 1); // zigzag

    private static bool SkipHead(ReadOnlySpan<byte> record, ref int at)
    {
        at++; // attributes
        return Varint.TryRead(record, ref at, out _) && Varint.TryRead(record, ref at, out _);
    }

    // At least that many bytes: later versions may append fields.
    private static bool TryTake(ReadOnlySpan<byte> record, ref int at, int atLeast, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!Varint.TryRead(record, ref at, out var length) || length < atLeast || length > record.Length - at)
        {
            return false;
        }
        bytes = record.Slice(at, (int)length);
        at += (int)length;
        return true;
    }
}
