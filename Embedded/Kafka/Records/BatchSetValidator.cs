using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Records;

/// <summary>
/// Decides whether the batches of a produce request may be appended. What is not compressed is looked at record by record, so that no
/// reader ever meets a batch whose inside is broken; a compressed batch is taken by its checksum and head, unless every record must have a key.
/// </summary>
public static class BatchSetValidator
{
    /// <summary>Checks every batch and gives their heads in order; <see cref="StorageError.None"/> if all may be appended, else what is wrong with the first bad one.</summary>
    public static (StorageError Error, string? Message) Validate(
        ReadOnlySpan<byte> set, int maxBatchBytes, bool requireKeys, List<RecordBatchHeader> headers)
    {
        if (set.IsEmpty)
        {
            return (StorageError.InvalidRecord, "There is no record batch.");
        }
        while (!set.IsEmpty)
        {
            var (error, message) = ValidateNext(set, maxBatchBytes, requireKeys, out var header);
            if (error != StorageError.None)
            {
                return (error, message);
            }
            headers.Add(header);
            set = set[(int)header.TotalSize..];
        }
        // Sequence numbers are judged against the log one batch at a time; Kafka asks for a single batch too.
        return headers.Count > 1 && headers.Exists(header => header.IsIdempotent)
            ? (StorageError.InvalidRecord, "An idempotent producer's batch must come alone.")
            : (StorageError.None, null);
    }

    private static (StorageError Error, string? Message) ValidateNext(
        ReadOnlySpan<byte> set, int maxBatchBytes, bool requireKeys, out RecordBatchHeader header)
    {
        header = default;
        // Old formats have their magic at the same place but a shorter head.
        if (set.Length > 16 && set[16] != 2)
        {
            return (StorageError.UnsupportedForMessageFormat, $"Record format {set[16]} is not supported, only 2.");
        }
        if (set.Length < RecordBatchHeader.Size)
        {
            return (StorageError.CorruptMessage, $"{set.Length} bytes are too few for a record batch.");
        }
        header = RecordBatchHeader.Read(set);
        if (header.TotalSize > set.Length || header.TotalSize < RecordBatchHeader.Size)
        {
            return (StorageError.CorruptMessage, $"The batch says that it is {header.TotalSize} bytes long, of {set.Length} sent.");
        }
        if (header.TotalSize > maxBatchBytes)
        {
            return (StorageError.MessageTooLarge, $"The batch is {header.TotalSize} bytes long; {TopicConfigKeys.MaxMessageBytes} is {maxBatchBytes}.");
        }
        var batch = set[..(int)header.TotalSize];
        if (Crc32C.Compute(batch[RecordBatchHeader.ChecksummedFrom..]) != header.Crc)
        {
            return (StorageError.CorruptMessage, "The batch's checksum is wrong.");
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
    private static (StorageError Error, string? Message) CheckCompressed(ReadOnlySpan<byte> packed, in RecordBatchHeader header)
    {
        if (header.Compression == CompressionCodec.Zstd)
        {
            return (StorageError.None, null);
        }
        return RecordDecompressor.TryDecompress(header.Compression, packed) is { } plain
            ? CheckRecords(plain.Span, header, requireKeys: true)
            : (StorageError.CorruptMessage, "The batch's records cannot be unpacked.");
    }

    private static (StorageError Error, string? Message) CheckHead(in RecordBatchHeader header)
    {
        if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
        {
            return (StorageError.InvalidRecord, $"The batch has {header.RecordCount} records and a last offset delta of {header.LastOffsetDelta}.");
        }
        if (header.Compression > CompressionCodec.Zstd)
        {
            return (StorageError.UnsupportedCompressionType, $"Compression {(int)header.Compression} is unknown.");
        }
        if (header.IsControl)
        {
            return (StorageError.InvalidRecord, "Clients may not write control batches.");
        }
        if (header.IsTransactional && !header.IsIdempotent)
        {
            return (StorageError.InvalidRecord, "A transactional batch must name its producer.");
        }
        return header.IsIdempotent && (header.BaseSequence < 0 || header.ProducerEpoch < 0)
            ? (StorageError.InvalidRecord, $"Sequence {header.BaseSequence} and epoch {header.ProducerEpoch} of producer {header.ProducerId} must not be negative.")
            : (StorageError.None, null);
    }

    private static (StorageError Error, string? Message) CheckRecords(ReadOnlySpan<byte> records, in RecordBatchHeader header, bool requireKeys)
    {
        var cursor = new RecordCursor(records);
        var count = 0;
        while (cursor.MoveNext())
        {
            if (cursor.OffsetDelta != count)
            {
                return (StorageError.InvalidRecord, $"Record {count} of the batch has the offset delta {cursor.OffsetDelta}.");
            }
            if (requireKeys && cursor.HasNullKey)
            {
                return (StorageError.InvalidRecord, $"Record {count} of the batch has no key, which a compacted topic asks for.");
            }
            count++;
        }
        return cursor.IsWellFormed && count == header.RecordCount
            ? (StorageError.None, null)
            : (StorageError.InvalidRecord, $"Record {count} of {header.RecordCount} in the batch is malformed.");
    }
}
