using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Shop;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Shop;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Shop;

/// <summary>Small pieces of the shop's data, as its pipelines write it. Minute 0 is noon; prices are in minor units.</summary>
internal static class ShopSamples
{
    public static readonly MeasurePlan Prices = new(
        [new FieldSpec("price", FieldKind.Number, 2, null), new FieldSpec("previous", FieldKind.Number, 2, null), new FieldSpec("change", FieldKind.Number, 2, "%")],
        [
            new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("price_min", MeasureKind.Min, 0), new MeasureSpec("price_max", MeasureKind.Max, 0),
            new MeasureSpec("price_first", MeasureKind.First, 0), new MeasureSpec("price_last", MeasureKind.Last, 0), new MeasureSpec("previous_first", MeasureKind.First, 1),
            new MeasureSpec("change_count", MeasureKind.Count, 2), new MeasureSpec("change_sum", MeasureKind.Sum, 2), new MeasureSpec("change_min", MeasureKind.Min, 2),
            new MeasureSpec("change_max", MeasureKind.Max, 2),
        ]);

    public static readonly MeasurePlan Shares = new(
        [new FieldSpec("cut", FieldKind.Number, 0, null)], [new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("cut_sum", MeasureKind.Sum, 0)]);

    public static readonly WindowSpec Minutes = WindowSpecs.Tumbling(TimeSpan.FromMinutes(1));

    public static PipelineDescription Products { get; } = new(
        ShopFeed.Prices, "Prices by product", "prices-enriched", "product", IsKeyedByRecord: true,
        [Minutes, WindowSpecs.Hopping(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(TimeSpan.FromHours(1))], TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), Prices, []);

    public static PipelineDescription Categories { get; } = new(
        ShopFeed.Categories, "Prices by category", "prices-enriched", "category", IsKeyedByRecord: false,
        [Minutes, WindowSpecs.Tumbling(TimeSpan.FromHours(1))], TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), Shares, []);

    /// <summary>A row of the pipeline per product over changes given as price and price before.</summary>
    public static StoredRow Row(int minute, string product, (long Price, long? Previous)[] changes, int minutes = 1, int partition = 0, bool final = true, long late = 0, bool pane = false)
    {
        var state = new MeasureState(Prices);
        var basic = default(BasicMeasures);
        for (var i = 0; i < changes.Length; i++)
        {
            var (price, previous) = changes[i];
            var change = PriceChange.ChangeOf(price, previous);
            basic = basic.With(price);
            state.Add(new EventValues([price, previous ?? 0, change ?? 0], (previous is null ? 2u : 0) | (change is null ? 4u : 0), minute * 60_000 + i, i));
        }

        return new StoredRow(
            new RowId(new RowSource(1, Topic, partition), pane, product), Contracts.Windows.Window.Between(Minute(minute), Minute(minute + minutes)), basic, late, final, 1, state.Encode());
    }

    /// <summary>A row of the pipeline per category.</summary>
    public static StoredRow Share(int minute, string category, int changes, int cuts, int partition = 0)
    {
        var basic = default(BasicMeasures);
        for (var i = 0; i < changes; i++)
        {
            basic = basic.With(i < cuts ? 1 : 0);
        }

        return new StoredRow(new RowId(new RowSource(1, Topic, partition), false, category), Contracts.Windows.Window.Between(Minute(minute), Minute(minute + 1)), basic, 0, false, 1, []);
    }

    public static PipelinePeriod Period(PipelineDescription description, DateTimeOffset watermark, params StoredRow[] rows)
    {
        var partitions = rows.Select(row => row.Source.Partition).Distinct().Select(partition => Pipelines.PipelineSamples.Partition(partition, watermark)).ToArray();
        var info = new PipelineInfo(description.Name, 1, false, [new PipelineGenerationInfo(1, "active", description.ToJson(), null, true)], [.. partitions]);
        return new PipelineFeedState(null, 100_000, 100_000_000).Apply(new PipelineChanges(Noon, info, "e", true, rows, false, [], PipelineAlerts.None), Noon).Live(60)!;
    }

    public static byte[] Body(string product, long price, long? previous, string name = "Lamp", string category = "Lighting", string currency = "EUR", DateTimeOffset? at = null, bool known = true) =>
        EnrichedPriceJson.Encode(EnrichedPrice.Of(new PriceChange(product, price, previous, currency, at ?? Noon), known ? new Product(product, name, category, currency) : null));

    public static PriceTick Tick(long offset, int second = 0, string product = "lamp", long price = 4990, long? previous = 5490, int partition = 0, bool late = false, string name = "Lamp", bool known = true) =>
        PriceTick.Of(new TickPlace(Topic, partition, offset), Noon.AddSeconds(second), product, Body(product, price, previous, name, at: Noon.AddSeconds(second), known: known), late);
}
