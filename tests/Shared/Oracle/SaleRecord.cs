using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Streaming.Tests.Oracle;

/// <summary>
/// One record of the topic <c>sales</c> as the oracle sees it. It is read here with a JSON parser and rules of its own, not with the
/// product's codec, so that a mistake there cannot hide itself.
/// </summary>
internal sealed record SaleRecord(int Partition, long Offset, string StoreId, long Amount, long EventTimeMs, bool IsGood)
{
    /// <summary>How far an event's time may be ahead of the broker's, in milliseconds.</summary>
    private const long FutureBoundMs = 60_000;

    public static SaleRecord From(ConsumeResult<byte[], byte[]> record)
    {
        var bad = new SaleRecord(record.Partition, record.Offset, "", 0, 0, IsGood: false);
        try
        {
            using var json = JsonDocument.Parse(record.Message.Value ?? []);
            var root = json.RootElement;
            var store = root.GetProperty("store_id").GetString() ?? "";
            var amount = root.GetProperty("sale_amount").GetInt64();
            var time = root.GetProperty("sale_ts").GetInt64();
            var isGood = store.Length is > 0 and <= 64
                && record.Message.Key is { } key && Encoding.UTF8.GetString(key) == store
                && amount is >= 0 and <= 100_000_000
                && time >= 0
                && time <= record.Message.Timestamp.UnixTimestampMs + FutureBoundMs;
            return isGood ? new(record.Partition, record.Offset, store, amount, time, IsGood: true) : bad;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return bad;
        }
    }
}
