using Streaming.Contracts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines;

/// <summary>
/// Sales per country: each sale is joined with its store and published, and grouped by what the join found. A country's stores are in several partitions, so the
/// windows are partial in each and merged by whoever reads them.
/// </summary>
[Scenario(Scenarios.Sales)]
public sealed class SalesByCountry : IPipeline
{
    public static PipelineDefinition Define() => Pipeline.Named("sales-by-country", "Sales by country")
        .From(Topics.Sales, SaleEvents.Any)
        .Enrich(Topics.Stores, StoreWords.Decode, sale => sale.Store, Join, Topics.SalesEnriched, SaleEvents.Enriched)
        .GroupByUtf8("country", sale => sale.Country)
        .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Hopping(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Mean().P50().P95().DistinctUtf8("store", sale => sale.StoreId))
        .KeepEvents(TimeSpan.FromHours(1))
        .Define();

    private static EnrichedSale Join(Sale sale, DateTimeOffset time, StoreWords? store) => new(
        sale.Store, sale.Amount, time, store?.City ?? EnrichedSale.Unknown, store?.Country ?? EnrichedSale.Unknown, store?.Currency ?? EnrichedSale.NoCurrency);
}
