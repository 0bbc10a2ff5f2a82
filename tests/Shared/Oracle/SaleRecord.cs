using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Streaming.Tests.Oracle;

/// <summary>
/// One record of the topic <c>sales</c> as the oracle sees it. It is read here with rules of its own (a JSON parser, Avro by hand), not with the
/// product's codecs, so that a mistake there cannot hide itself.
/// </summary>
internal sealed record SaleRecord(int Partition, long Offset, string StoreId, long Amount, long EventTimeMs, bool IsGood)
{
    /// <summary>How far an event's time may be ahead of the broker's, in milliseconds.</summary>
    private const long FutureBoundMs = 60_000;

    public static SaleRecord From(ConsumeResult<byte[], byte[]> record) => From(record, new Dictionary<int, int>());

    /// <summary>A record, where some of a registry's schemas are versions of the sale's.</summary>
    /// <param name="record">The record.</param>
    /// <param name="fields">The number of fields, 3 or 4, of each schema by its id.</param>
    public static SaleRecord From(ConsumeResult<byte[], byte[]> record, IReadOnlyDictionary<int, int> fields)
    {
        var bad = new SaleRecord(record.Partition, record.Offset, "", 0, 0, IsGood: false);
        try
        {
            var (store, amount, time) = record.Message.Value is [0, ..] value ? Avro(value, fields) : Json(record.Message.Value ?? []);
            var isGood = store.Length is > 0 and <= 64
                && record.Message.Key is { } key && Encoding.UTF8.GetString(key) == store
                && amount is >= 0 and <= 100_000_000
                && time >= 0
                && time <= record.Message.Timestamp.UnixTimestampMs + FutureBoundMs;
            return isGood ? new(record.Partition, record.Offset, store, amount, time, IsGood: true) : bad;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return bad;
        }
    }

    private static (string Store, long Amount, long Time) Json(byte[] value)
    {
        using var json = JsonDocument.Parse(value);
        var root = json.RootElement;
        return (root.GetProperty("store_id").GetString() ?? "", root.GetProperty("sale_amount").GetInt64(), root.GetProperty("sale_ts").GetInt64());
    }

    /// <summary>A zero, the schema's id in four bytes, then text, int, long and perhaps one more text.</summary>
    private static (string Store, long Amount, long Time) Avro(byte[] value, IReadOnlyDictionary<int, int> fields)
    {
        using var reader = new BinaryReader(new MemoryStream(value, 1, value.Length - 1));
        var head = reader.ReadBytes(4);
        var more = fields[head.Aggregate(0, (id, next) => (id << 8) | next)] - 3;
        try
        {
            var sale = (Text(reader), Number(reader), Number(reader));
            for (; more > 0; more--)
            {
                Text(reader);
            }

            return reader.BaseStream.Position == reader.BaseStream.Length ? sale : throw new FormatException("bytes are left");
        }
        catch (EndOfStreamException e)
        {
            throw new FormatException("the bytes end too early", e);
        }
    }

    private static string Text(BinaryReader reader)
    {
        var length = checked((int)Number(reader));
        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? Encoding.UTF8.GetString(bytes) : throw new FormatException("the bytes end within a text");
    }

    private static long Number(BinaryReader reader)
    {
        var bits = (ulong)reader.Read7BitEncodedInt64();
        return (long)(bits >> 1) ^ -(long)(bits & 1);
    }
}
