using Streaming.Aggregator.Alerts;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Shop;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines.Shop;

/// <summary>
/// Prices per product: each change is joined with its product and published; the windows keep what each product's price was before, first, last, lowest and
/// highest. Changes are keyed by product, so each window is whole. Every change is kept besides, so that it can be seen as it comes.
/// </summary>
[Scenario(Scenarios.Shop)]
public sealed class PricesByProduct : IPipeline
{
    public const string Name = "prices-by-product";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Prices by product")
        .From(Topics.Prices, PriceEvents.Json)
        .Enrich(Topics.Products, PriceEvents.DecodeProduct, price => price.Key, (price, _, product) => EnrichedPrice.Of(price.Change, product), Topics.PricesEnriched, PriceEvents.Enriched)
        .KeyedByRecord("product")
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)),
            WindowSpecs.Hopping(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)),
            WindowSpecs.Tumbling(TimeSpan.FromHours(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10))
        .Measures(m => m
            .Count()
            .Of("price", price => price.Change.PriceMinor, ShopCurrencies.Scale).Min().Max().First().Last()
            .OfOptional("previous", price => price.Change.PreviousMinor, ShopCurrencies.Scale).First()
            .OfOptional("change", price => PriceChange.ChangeOf(price.Change.PriceMinor, price.Change.PreviousMinor), scale: 2, unit: "%").Counted().Sum().Min().Max())
        .PutAside(Topics.PricesLate, Topics.PricesDeadLetter)
        .KeepEvents(TimeSpan.FromHours(6))
        .Alert(AlertRules.When("price-drop", "change_min").In("1m").Below(-15).ClearAbove(-5)
            .Message("The price of {key} went down by more than 15 % at once: {value} %"))
        .Alert(AlertRules.When("restless-price", "count").In("1m").Above(30).ClearBelow(15).Severity(AlertSeverity.Critical)
            .Message("The price of {key} changed {value} times in a minute: does something set it in a circle?"))
        .Define();
}
