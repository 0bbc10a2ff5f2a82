using System.Text;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Tests.Storage;

namespace Streaming.Embedded.Kafka.Tests.Compaction;

/// <summary>A record as a consumer sees it; without a value it deletes its key.</summary>
internal sealed record KeyedRecord(long Offset, long Timestamp, string? Key, string? Value, string Header);

/// <summary>Batches of records with keys, as a producer sends them and as a consumer reads them.</summary>
internal static class KeyedRecords
{
    public static byte[] Batch(params (string? Key, string? Value)[] records) => Batch(CompressionCodec.None, 1_000, records);

    /// <summary>Each record is a millisecond younger than the one before and has one header, which names its value.</summary>
    public static byte[] Batch(
        CompressionCodec codec, long firstMs, (string? Key, string? Value)[] records, long producerId = -1, int sequence = -1, BatchAttributes attributes = BatchAttributes.None)
    {
        var body = new List<byte>();
        for (var i = 0; i < records.Length; i++)
        {
            var record = Encode(i, records[i].Key, records[i].Value);
            body.AddRange([.. Number(record.Length), .. record]);
        }
        var packed = RecordCompressor.TryCompress(codec, body.ToArray()) ?? [.. body];
        var batch = new byte[RecordBatchHeader.Size + packed.Length];
        packed.CopyTo(batch, RecordBatchHeader.Size);
        new RecordBatchHeader(
            0, batch.Length - RecordBatchHeader.LengthOverhead, -1, 2, 0, attributes | (BatchAttributes)codec, records.Length - 1,
            firstMs, firstMs + records.Length - 1, producerId, (short)(producerId < 0 ? -1 : 0), sequence, records.Length).Write(batch);
        return batch;
    }

    /// <summary>What a consumer gets that reads uncommitted: every record, by offset; it goes on behind the last offset of each batch.</summary>
    public static List<KeyedRecord> ReadAll(PartitionLog log, long from = 0, int maxBytes = 1 << 20) =>
        [.. ReadBatches(log, from, maxBytes).Where(batch => !batch.Header.IsControl).SelectMany(batch => Decode(batch.Header, batch.Bytes)).Where(record => record.Offset >= from)];

    public static List<(RecordBatchHeader Header, byte[] Bytes)> ReadBatches(PartitionLog log, long from = 0, int maxBytes = 1 << 20)
    {
        var batches = new List<(RecordBatchHeader Header, byte[] Bytes)>();
        while (true)
        {
            using var slice = log.Read(from, maxBytes, minOneBatch: true);
            Assert.Equal(StorageError.None, slice.Error);
            if (slice.Length == 0)
            {
                Assert.Equal(slice.Bounds.HighWatermark, from); // no consumer is ever stuck before the end
                return batches;
            }
            batches.AddRange(Split(Stage.Bytes(slice)));
            from = batches[^1].Header.LastOffset + 1;
        }
    }

    /// <summary>What a consumer gets that reads committed: it leaves out what the broker says was aborted, until the abort marker.</summary>
    public static List<KeyedRecord> ReadCommitted(PartitionLog log, int maxBytes = 1 << 20)
    {
        var records = new List<KeyedRecord>();
        for (var from = log.LogStartOffset; ;)
        {
            using var slice = log.Read(from, maxBytes, minOneBatch: true, IsolationLevel.ReadCommitted);
            Assert.Equal(StorageError.None, slice.Error);
            if (slice.Length == 0)
            {
                Assert.Equal(slice.Bounds.LastStableOffset, from);
                return records;
            }
            var waiting = new Queue<AbortedTransaction>(slice.Aborted.OrderBy(aborted => aborted.FirstOffset));
            var leftOut = new HashSet<long>();
            foreach (var (header, batch) in Split(Stage.Bytes(slice)))
            {
                while (waiting.TryPeek(out var next) && next.FirstOffset <= header.LastOffset)
                {
                    leftOut.Add(waiting.Dequeue().ProducerId);
                }
                if (header.IsControl)
                {
                    _ = EndTransactionMarker.TryRead(batch.AsSpan(RecordBatchHeader.Size)) is { IsCommit: false } && leftOut.Remove(header.ProducerId);
                }
                else if (!header.IsTransactional || !leftOut.Contains(header.ProducerId))
                {
                    records.AddRange(Decode(header, batch));
                }
                from = header.LastOffset + 1;
            }
        }
    }

    public static List<KeyedRecord> Decode(RecordBatchHeader header, byte[] batch)
    {
        var plain = RecordDecompressor.TryDecompress(header.Compression, batch.AsSpan(RecordBatchHeader.Size))!.Value.ToArray();
        var records = new List<KeyedRecord>();
        for (var at = 0; at < plain.Length;)
        {
            var length = Read(plain, ref at);
            var record = plain.AsSpan(at, (int)length).ToArray();
            at += (int)length;
            var inner = 1;
            var (time, offset) = (Read(record, ref inner), Read(record, ref inner));
            var (key, value) = (Text(record, ref inner), Text(record, ref inner));
            Assert.Equal(1, Read(record, ref inner));
            Assert.Equal("h", Text(record, ref inner));
            var timestamp = header.Attributes.HasFlag(BatchAttributes.LogAppendTime) ? header.MaxTimestamp : header.BaseTimestamp + time;
            records.Add(new KeyedRecord(header.BaseOffset + offset, timestamp, key, value, Text(record, ref inner)!));
            Assert.Equal(record.Length, inner);
        }
        Assert.Equal(header.RecordCount, records.Count);
        return records;
    }

    private static IEnumerable<(RecordBatchHeader Header, byte[] Bytes)> Split(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var header = RecordBatchHeader.Read(bytes.AsSpan(at));
            var batch = bytes.AsSpan(at, (int)header.TotalSize).ToArray();
            Assert.Equal(header.Crc, Crc32C.Compute(batch.AsSpan(RecordBatchHeader.ChecksummedFrom)));
            yield return (header, batch);
            at += batch.Length;
        }
    }

    private static byte[] Encode(int offset, string? key, string? value) =>
        [0, .. Number(offset), .. Number(offset), .. Bytes(key), .. Bytes(value), .. Number(1), .. Bytes("h"), .. Bytes($"of {value ?? "nothing"}")];

    private static byte[] Bytes(string? text) => text is null ? Number(-1) : [.. Number(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(long value)
    {
        var bytes = new byte[10];
        return bytes[..Varint.Write(bytes, value)];
    }

    private static long Read(byte[] bytes, ref int at)
    {
        Assert.True(Varint.TryRead(bytes, ref at, out var value));
        return value;
    }

    private static string? Text(byte[] bytes, ref int at)
    {
        var length = (int)Read(bytes, ref at);
        if (length < 0)
        {
            return null;
        }
        at += length;
        return Encoding.UTF8.GetString(bytes, at - length, length);
    }
}
