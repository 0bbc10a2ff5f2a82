using Streaming.Contracts;
using Streaming.Contracts.Shop;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines.Shop;

/// <summary>
/// How the changes are shared out among the categories of the shop. A category's products are in several partitions, so the windows are partial in each and
/// merged by whoever reads them.
/// </summary>
[Scenario(Scenarios.Shop)]
public sealed class PricesByCategory : IPipeline
{
    public const string Name = "prices-by-category";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Prices by category")
        .From(Topics.PricesEnriched, PriceEvents.Enriched.Decode)
        .GroupBy("category", price => price.Category)
        .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(TimeSpan.FromHours(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10))
        .Measures(m => m
            .Count()
            .Of("cut", price => price.Change.PriceMinor < price.Change.PreviousMinor ? 1 : 0).Sum()
            .OfOptional("change", price => PriceChange.ChangeOf(price.Change.PriceMinor, price.Change.PreviousMinor), scale: 2, unit: "%").Mean()
            .Distinct("product", price => price.Change.ProductId))
        .Define();
}
