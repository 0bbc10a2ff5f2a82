using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>Record batches as a producer would send them.</summary>
internal static class Batches
{
    public static byte[] Of(params string[] values) => Make([.. values.Select(value => (1_000L, (string?)"k", value))]);

    public static byte[] At(params long[] timestamps) => Make([.. timestamps.Select(timestamp => (timestamp, (string?)"k", "v"))]);

    public static byte[] Idempotent(long producerId, short epoch, int sequence, params string[] values) =>
        Make([.. values.Select(value => (1_000L, (string?)"k", value))], producerId, epoch, sequence);

    public static byte[] Transactional(long producerId, short epoch, int sequence, params string[] values) =>
        Make([.. values.Select(value => (1_000L, (string?)"k", value))], producerId, epoch, sequence, BatchAttributes.Transactional);

    public static byte[] Make(
        (long Timestamp, string? Key, string Value)[] records, long producerId = -1, short epoch = -1, int sequence = -1,
        BatchAttributes attributes = BatchAttributes.None, Func<byte[], byte[]>? compress = null)
    {
        var body = new MemoryStream();
        for (var i = 0; i < records.Length; i++)
        {
            WriteRecord(body, i, records[i].Timestamp - records[0].Timestamp, records[i].Key, records[i].Value);
        }
        var packed = compress is null ? body.ToArray() : compress(body.ToArray());
        var batch = new byte[RecordBatchHeader.Size + packed.Length];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - RecordBatchHeader.LengthOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), -1);
        batch[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), (short)attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), records.Length - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), records[0].Timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), records.Max(record => record.Timestamp));
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), records.Length);
        packed.CopyTo(batch, RecordBatchHeader.Size);
        return Seal(batch);
    }

    /// <summary>Sets the checksum after a test has changed something.</summary>
    public static byte[] Seal(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Compute(batch.AsSpan(RecordBatchHeader.ChecksummedFrom)));
        return batch;
    }

    public static byte[] Gzip(byte[] plain)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }
        return packed.ToArray();
    }

    /// <summary>What the batches hold: offset, timestamp, value.</summary>
    public static List<(long Offset, long Timestamp, string Value)> Decode(ReadOnlySpan<byte> bytes)
    {
        var records = new List<(long, long, string)>();
        while (!bytes.IsEmpty)
        {
            var header = RecordBatchHeader.Read(bytes);
            var batch = bytes[..(int)header.TotalSize];
            Assert.Equal(header.Crc, Crc32C.Compute(batch[RecordBatchHeader.ChecksummedFrom..]));
            var body = batch[RecordBatchHeader.Size..];
            for (var at = 0; at < body.Length;)
            {
                Assert.True(Varint.TryRead(body, ref at, out var length));
                records.Add(DecodeRecord(body.Slice(at, (int)length), header));
                at += (int)length;
            }
            bytes = bytes[batch.Length..];
        }
        return records;
    }

    /// <summary>The first offset of each batch.</summary>
    public static List<long> Offsets(ReadOnlySpan<byte> bytes)
    {
        var offsets = new List<long>();
        for (; !bytes.IsEmpty; bytes = bytes[(int)RecordBatchHeader.Read(bytes).TotalSize..])
        {
            offsets.Add(RecordBatchHeader.Read(bytes).BaseOffset);
        }
        return offsets;
    }

    private static (long, long, string) DecodeRecord(ReadOnlySpan<byte> record, RecordBatchHeader header)
    {
        var at = 1;
        Assert.True(Varint.TryRead(record, ref at, out var timestampDelta));
        Assert.True(Varint.TryRead(record, ref at, out var offsetDelta));
        Assert.True(Varint.TryRead(record, ref at, out var keyLength));
        at += Math.Max(0, (int)keyLength);
        Assert.True(Varint.TryRead(record, ref at, out var valueLength));
        var timestamp = header.Attributes.HasFlag(BatchAttributes.LogAppendTime) ? header.MaxTimestamp : header.BaseTimestamp + timestampDelta;
        return (header.BaseOffset + offsetDelta, timestamp, Encoding.UTF8.GetString(record.Slice(at, (int)valueLength)));
    }

    private static void WriteRecord(MemoryStream body, int offsetDelta, long timestampDelta, string? key, string value)
    {
        var record = new MemoryStream();
        record.WriteByte(0);
        WriteVarint(record, timestampDelta);
        WriteVarint(record, offsetDelta);
        WriteBytes(record, key);
        WriteBytes(record, value);
        WriteVarint(record, 0);
        WriteVarint(body, record.Length);
        record.WriteTo(body);
    }

    private static void WriteBytes(MemoryStream stream, string? text)
    {
        var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        WriteVarint(stream, bytes?.Length ?? -1);
        stream.Write(bytes ?? []);
    }

    private static void WriteVarint(MemoryStream stream, long value)
    {
        var raw = (ulong)(value << 1) ^ (ulong)(value >> 63);
        for (; raw >= 0x80; raw >>= 7)
        {
            stream.WriteByte((byte)(raw | 0x80));
        }
        stream.WriteByte((byte)raw);
    }
}
