using System.Text.Json;
using Confluent.Kafka;

namespace Streaming.Tests.Oracle.Shop;

/// <summary>What a window of a product holds.</summary>
internal sealed record PriceWindow(long Count, long Min, long Max, long First, long Last, long? OpensWith, long Changes, long ChangeSum, long? DeepestCut);

/// <summary>A change as the enriched topic has it.</summary>
internal sealed record PublishedPrice(
    int Partition, long Offset, string Product, string Name, string Category, long Price, long? Previous, string Currency, string ProductCurrency, long Time, long Appended)
{
    /// <summary>Whether it is in another currency than its product, as far as that is known.</summary>
    public bool IsForeign => ProductCurrency != "XXX" && ProductCurrency != Currency;

    /// <summary>In hundredths of a percent, by decimal arithmetic.</summary>
    public long? Change => Previous is > 0 ? (long)decimal.Round((Price - Previous.Value) * 10_000m / Previous.Value, 0, MidpointRounding.ToEven) : null;

    public static PublishedPrice From(ConsumeResult<byte[]?, byte[]?> record)
    {
        using var json = JsonDocument.Parse(record.Message.Value);
        var e = json.RootElement;
        return new PublishedPrice(
            record.Partition.Value, record.Offset.Value, e.GetProperty("product_id").GetString()!, e.GetProperty("name").GetString()!, e.GetProperty("category").GetString()!, e.GetProperty("price_minor").GetInt64(),
            e.TryGetProperty("previous_minor", out var previous) ? previous.GetInt64() : null, e.GetProperty("currency").GetString()!, e.GetProperty("product_currency").GetString()!,
            e.GetProperty("changed_at").GetInt64(), record.Message.Timestamp.UnixTimestampMs);
    }
}

/// <summary>
/// The shop's windows computed once more from the enriched topic, as naively as possible: partition by partition in order of offsets, every event put into the list of
/// each of its windows that is not closed, the lists measured at the end.
/// </summary>
internal sealed class PriceRecount
{
    private const long OutOfOrdernessMs = 5_000, GraceMs = 10_000, FutureBoundMs = 60_000;

    /// <summary>Size and hop of each kind.</summary>
    private static readonly (string Name, long Size, long Hop)[] Kinds = [("1m", 60_000, 60_000), ("15m/1m", 900_000, 60_000), ("1h", 3_600_000, 3_600_000)];

    private readonly Dictionary<(string Kind, long Start, string Product), List<PublishedPrice>> _taken = [];

    /// <param name="records">What the enriched topic holds.</param>
    /// <param name="marks">Idle marks: from this offset of a partition on, its watermark is at least this.</param>
    public PriceRecount(IEnumerable<PublishedPrice> records, IReadOnlyCollection<(int Partition, long NextOffset, long WatermarkMs)>? marks = null)
    {
        var idle = (marks ?? []).ToLookup(mark => mark.Partition);
        foreach (var partition in records.GroupBy(record => record.Partition))
        {
            long? latest = null;
            foreach (var record in partition.OrderBy(record => record.Offset))
            {
                foreach (var mark in idle[partition.Key].Where(mark => mark.NextOffset <= record.Offset))
                {
                    latest = Math.Max(latest ?? long.MinValue, mark.WatermarkMs + OutOfOrdernessMs);
                }

                latest = Judge(record, latest);
            }
        }
    }

    /// <summary>Changes in a currency that is not their product's, or too far ahead.</summary>
    public List<PublishedPrice> Rejected { get; } = [];

    /// <summary>Changes whose minute had closed.</summary>
    public List<PublishedPrice> LateForMinute { get; } = [];

    /// <summary>Changes for which every window had closed.</summary>
    public List<PublishedPrice> Late { get; } = [];

    /// <summary>Changes that are in some window.</summary>
    public List<PublishedPrice> Accepted { get; } = [];

    public Dictionary<(string Kind, long Start, string Product), PriceWindow> Windows => _taken.ToDictionary(window => window.Key, window => Measure(window.Value));

    private long? Judge(PublishedPrice record, long? latest)
    {
        if (record.IsForeign || record.Time - FutureBoundMs > record.Appended)
        {
            Rejected.Add(record);
            return latest;
        }

        var into = Kinds.SelectMany(kind => Starts(kind.Size, kind.Hop, record.Time).Select(start => (kind.Name, Start: start, End: start + kind.Size)))
            .Where(window => latest is not { } l || window.End + GraceMs > l - OutOfOrdernessMs).ToList();
        foreach (var window in into)
        {
            var key = (window.Name, window.Start, record.Product);
            (_taken.TryGetValue(key, out var list) ? list : _taken[key] = []).Add(record);
        }

        if (into.All(window => window.Name != "1m"))
        {
            LateForMinute.Add(record);
        }

        if (into.Count == 0)
        {
            Late.Add(record);
            return latest;
        }

        Accepted.Add(record);
        return Math.Max(latest ?? long.MinValue, record.Time);
    }

    private static IEnumerable<long> Starts(long size, long hop, long time)
    {
        for (var start = time - (time % hop); start > time - size; start -= hop)
        {
            yield return start;
        }
    }

    private static PriceWindow Measure(List<PublishedPrice> events)
    {
        var inOrder = events.OrderBy(e => e.Time).ThenBy(e => e.Offset).ToList();
        return new PriceWindow(
            events.Count, events.Min(e => e.Price), events.Max(e => e.Price), inOrder[0].Price, inOrder[^1].Price, inOrder.Find(e => e.Previous is not null)?.Previous,
            events.Count(e => e.Change is not null), events.Sum(e => e.Change ?? 0), events.Min(e => e.Change));
    }
}
