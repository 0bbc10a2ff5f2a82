using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>Whether batches may be appended, and if not, why.</summary>
/// <param name="Error"><see cref="StorageError.None"/> if they may.</param>
/// <param name="Message">In words what is wrong; null if nothing is.</param>
public readonly record struct BatchVerdict(StorageError Error, string? Message)
{
    /// <summary>So many bad records are named; a client takes the others for good ones that were refused with them.</summary>
    public const int MostRecords = 10_000;

    internal static BatchVerdict Good => default;

    /// <summary>Which records of the refused batch, counted from 0, are to blame for it (KIP-467); none if it is not a matter of single records.</summary>
    public IReadOnlyList<int> BadRecords { get => field ?? []; init; }
}

/// <summary>
/// Decides whether the batches of a produce request may be appended. What is not compressed is looked at record by record, so that no
/// reader ever meets a batch whose inside is broken; a compressed batch is taken by its checksum and head, unless every record must have a key.
/// </summary>
public static class BatchSetValidator
{
    /// <summary>Checks every batch and gives their heads in order; <see cref="StorageError.None"/> if all may be appended, else what is wrong with the first bad one.</summary>
    public static BatchVerdict Validate(
        ReadOnlySpan<byte> set, int maxBatchBytes, bool requireKeys, List<RecordBatchHeader> headers)
    {
        if (set.IsEmpty)
        {
            return new BatchVerdict(StorageError.InvalidRecord, "There is no record batch.");
        }
        while (!set.IsEmpty)
        {
            var verdict = ValidateNext(set, maxBatchBytes, requireKeys, out var header);
            if (verdict.Error != StorageError.None)
            {
                return verdict;
            }
            headers.Add(header);
            set = set[(int)header.TotalSize..];
        }
        // Sequence numbers are judged against the log one batch at a time; Kafka asks for a single batch too.
        return headers.Count > 1 && headers.Exists(header => header.IsIdempotent)
            ? new BatchVerdict(StorageError.InvalidRecord, "An idempotent producer's batch must come alone.")
            : BatchVerdict.Good;
    }

    private static BatchVerdict ValidateNext(
        ReadOnlySpan<byte> set, int maxBatchBytes, bool requireKeys, out RecordBatchHeader header)
    {
        header = default;
        // Old formats have their magic at the same place but a shorter head.
        if (set.Length > 16 && set[16] != 2)
        {
            return new BatchVerdict(StorageError.UnsupportedForMessageFormat, $"Record format {set[16]} is not supported, only 2.");
        }
        if (set.Length < RecordBatchHeader.Size)
        {
            return new BatchVerdict(StorageError.CorruptMessage, $"{set.Length} bytes are too few for a record batch.");
        }
        header = RecordBatchHeader.Read(set);
        if (header.TotalSize > set.Length || header.TotalSize < RecordBatchHeader.Size)
        {
            return new BatchVerdict(StorageError.CorruptMessage, $"The batch says that it is {header.TotalSize} bytes long, of {set.Length} sent.");
        }
        if (header.TotalSize > maxBatchBytes)
        {
            return new BatchVerdict(StorageError.MessageTooLarge, $"The batch is {header.TotalSize} bytes long; {TopicConfigKeys.MaxMessageBytes} is {maxBatchBytes}.");
        }
        var batch = set[..(int)header.TotalSize];
        if (Crc32C.Compute(batch[RecordBatchHeader.ChecksummedFrom..]) != header.Crc)
        {
            return new BatchVerdict(StorageError.CorruptMessage, "The batch's checksum is wrong.");
        }
        var judgement = CheckHead(header);
        if (judgement.Error != StorageError.None)
        {
            return judgement;
        }
        return header.Compression == CompressionCodec.None
            ? CheckRecords(batch[RecordBatchHeader.Size..], header, requireKeys)
            : requireKeys ? CheckCompressed(batch[RecordBatchHeader.Size..], header) : judgement;
    }

    // Only where every record must have a key; zstd cannot be looked into.
    private static BatchVerdict CheckCompressed(ReadOnlySpan<byte> packed, in RecordBatchHeader header)
    {
        if (header.Compression == CompressionCodec.Zstd)
        {
            return BatchVerdict.Good;
        }
        return RecordDecompressor.TryDecompress(header.Compression, packed) is { } plain
            ? CheckRecords(plain.Span, header, requireKeys: true)
            : new BatchVerdict(StorageError.CorruptMessage, "The batch's records cannot be unpacked.");
    }

    private static BatchVerdict CheckHead(in RecordBatchHeader header)
    {
        if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
        {
            return new BatchVerdict(StorageError.InvalidRecord, $"The batch has {header.RecordCount} records and a last offset delta of {header.LastOffsetDelta}.");
        }
        if (header.Compression > CompressionCodec.Zstd)
        {
            return new BatchVerdict(StorageError.UnsupportedCompressionType, $"Compression {(int)header.Compression} is unknown.");
        }
        if (header.IsControl)
        {
            return new BatchVerdict(StorageError.InvalidRecord, "Clients may not write control batches.");
        }
        if (header.DeleteHorizonMs is not null)
        {
            return new BatchVerdict(StorageError.InvalidRecord, "Only the broker says from when on deletion markers may go.");
        }
        if (header.IsTransactional && !header.IsIdempotent)
        {
            return new BatchVerdict(StorageError.InvalidRecord, "A transactional batch must name its producer.");
        }
        return header.IsIdempotent && (header.BaseSequence < 0 || header.ProducerEpoch < 0)
            ? new BatchVerdict(StorageError.InvalidRecord, $"Sequence {header.BaseSequence} and epoch {header.ProducerEpoch} of producer {header.ProducerId} must not be negative.")
            : BatchVerdict.Good;
    }

    private static BatchVerdict CheckRecords(ReadOnlySpan<byte> records, in RecordBatchHeader header, bool requireKeys)
    {
        var cursor = new RecordCursor(records);
        var (count, withoutKey) = (0, 0);
        var bad = new List<int>();
        while (cursor.MoveNext())
        {
            if (cursor.OffsetDelta != count)
            {
                return new BatchVerdict(StorageError.InvalidRecord, $"Record {count} of the batch has the offset delta {cursor.OffsetDelta}.");
            }
            if (requireKeys && cursor.HasNullKey && ++withoutKey <= BatchVerdict.MostRecords)
            {
                bad.Add(count);
            }
            count++;
        }
        return cursor.IsWellFormed && count == header.RecordCount
            ? withoutKey == 0 ? BatchVerdict.Good : new BatchVerdict(StorageError.InvalidRecord, $"{withoutKey} of {count} records have no key; a compacted topic asks for one.") { BadRecords = bad }
            : new BatchVerdict(StorageError.InvalidRecord, $"Record {count} of {header.RecordCount} in the batch is malformed.");
    }
}
