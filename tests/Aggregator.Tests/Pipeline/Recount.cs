using System.Text.Json;
using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Tests.Pipeline;

/// <summary>
/// The results computed once more from what the topic holds, as naively as possible and with nothing of the Aggregator but its settings: partition
/// by partition in order of offsets, with a general JSON reader.
/// </summary>
internal static class Recount
{
    private static readonly WindowPlan Windows = SalesByStore.Define().Windows;

    public readonly record struct Minute(long Count, long Sum, long Min, long Max);

    public static (IReadOnlyDictionary<(string Store, DateTime Start), Minute> Results, int Late, int Rejected) Of(IEnumerable<ConsumeResult<byte[]?, byte[]?>> records)
    {
        var results = new Dictionary<(string, DateTime), Minute>();
        var (late, rejected) = (0, 0);
        foreach (var partition in records.GroupBy(record => record.Partition.Value))
        {
            long? latest = null;
            foreach (var record in partition.OrderBy(record => record.Offset.Value))
            {
                if (Read(record) is not { } sale)
                {
                    rejected++;
                    continue;
                }

                var start = sale.Time - sale.Time % 60_000;
                if (latest is { } l && start + 60_000 + Ms(Windows.Grace) <= l - Ms(Windows.OutOfOrderness))
                {
                    late++;
                    continue;
                }

                latest = Math.Max(latest ?? long.MinValue, sale.Time);
                var key = (sale.Store, DateTimeOffset.FromUnixTimeMilliseconds(start).UtcDateTime);
                results[key] = results.TryGetValue(key, out var m)
                    ? new(m.Count + 1, m.Sum + sale.Amount, Math.Min(m.Min, sale.Amount), Math.Max(m.Max, sale.Amount))
                    : new(1, sale.Amount, sale.Amount, sale.Amount);
            }
        }

        return (results, late, rejected);
    }

    private static (string Store, long Amount, long Time)? Read(ConsumeResult<byte[]?, byte[]?> record)
    {
        if (record.Message.Key is null || record.Message.Value is null)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(record.Message.Value);
            var store = json.RootElement.GetProperty("store_id").GetString()!;
            var (amount, time) = (json.RootElement.GetProperty("sale_amount").GetInt64(), json.RootElement.GetProperty("sale_ts").GetInt64());
            var isGood = store == System.Text.Encoding.UTF8.GetString(record.Message.Key) && amount is >= 0 and <= 100_000_000
                && time >= 0 && time - Ms(Windows.FutureBound) <= record.Message.Timestamp.UnixTimestampMs;
            return isGood ? (store, amount, time) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static long Ms(TimeSpan duration) => (long)duration.TotalMilliseconds;
}
