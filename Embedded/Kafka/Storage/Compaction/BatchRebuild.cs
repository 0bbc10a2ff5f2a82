using System.Buffers;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>
/// Writes a batch anew with some of its records: first and last offset, producer, sequence numbers and compression stay (where there is no compressor, the
/// records are stored plain), so that neither offsets nor sequence numbers shift.
/// </summary>
internal sealed class BatchRebuild
{
    private const int MaxVarint = 10;
    private readonly ArrayBufferWriter<byte> _records = new();
    private RecordBatchHeader _header;
    private long _shiftMs;
    private int _count;
    private long _maxTimestamp;

    /// <summary>The batch without any record: it only tells a producer's state, or where the log ends.</summary>
    public static byte[] Empty(in RecordBatchHeader header)
    {
        // -1 timestamps: no search by time must end here.
        return Seal(header with
        {
            Attributes = header.Attributes & ~(BatchAttributes.CompressionMask | BatchAttributes.DeleteHorizon),
            BaseTimestamp = -1,
            MaxTimestamp = -1,
            RecordCount = 0,
        }, []);
    }

    /// <param name="header">The batch's head.</param>
    /// <param name="horizonMs">Its delete horizon from now on; null for none. It takes the place of the base timestamp (KIP-534).</param>
    public void Begin(in RecordBatchHeader header, long? horizonMs)
    {
        _records.ResetWrittenCount();
        (_count, _maxTimestamp) = (0, -1);
        _shiftMs = horizonMs is { } horizon ? header.BaseTimestamp - horizon : 0;
        _header = horizonMs is null ? header : header with { BaseTimestamp = horizonMs.Value, Attributes = header.Attributes | BatchAttributes.DeleteHorizon };
    }

    public void Add(in RecordCursor record)
    {
        var rest = record.AfterTimestamp;
        Span<byte> timestamp = stackalloc byte[MaxVarint];
        var delta = record.TimestampDelta + _shiftMs;
        timestamp = timestamp[..Varint.Write(timestamp, delta)];
        var to = _records.GetSpan(MaxVarint + 1 + MaxVarint + rest.Length);
        var at = Varint.Write(to, 1 + timestamp.Length + rest.Length);
        to[at++] = record.Record[0]; // attributes
        timestamp.CopyTo(to[at..]);
        rest.CopyTo(to[(at + timestamp.Length)..]);
        _records.Advance(at + timestamp.Length + rest.Length);
        _count++;
        _maxTimestamp = Math.Max(_maxTimestamp, _header.BaseTimestamp + delta);
    }

    /// <summary>The whole batch.</summary>
    public byte[] End()
    {
        var isBrokersTime = _header.Attributes.HasFlag(BatchAttributes.LogAppendTime);
        var packed = RecordCompressor.TryCompress(_header.Compression, _records.WrittenSpan);
        return Seal(_header with
        {
            Attributes = packed is null ? _header.Attributes & ~BatchAttributes.CompressionMask : _header.Attributes,
            MaxTimestamp = isBrokersTime ? _header.MaxTimestamp : _maxTimestamp,
            RecordCount = _count,
        }, packed ?? _records.WrittenSpan);
    }

    private static byte[] Seal(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        var batch = new byte[RecordBatchHeader.Size + records.Length];
        records.CopyTo(batch.AsSpan(RecordBatchHeader.Size));
        (header with { BatchLength = batch.Length - RecordBatchHeader.LengthOverhead }).Write(batch);
        return batch;
    }
}
