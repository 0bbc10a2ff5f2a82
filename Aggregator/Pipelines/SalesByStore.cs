using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines;

/// <summary>Sales per store and minute. A store's sales are keyed by its id, so each window is whole.</summary>
public sealed class SalesByStore : IPipeline
{
    public const string Name = "sales-by-store";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Sales by store")
        .From(Topics.Sales, SaleEvents.Json)
        .KeyedByRecord("store", knownBy: Topics.Stores)
        .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Sum().Min().Max().Mean())
        .To(Topics.SalesAggregate, Encode)
        .PutAside(Topics.SalesLate, Topics.SalesDeadLetter)
        .Define();

    private static byte[] Encode(WindowRow row, int generation) => SalesWindowJson.Encode(new SalesWindow(
        row.Key.Text, row.Window.Start, row.Window.End, row.Measures.Count, (decimal)row.Measures.Sum, row.Measures.Min, row.Measures.Max, generation));
}
