using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines;

/// <summary>Sales per store and minute. A store's sales are keyed by its id, so each window is whole.</summary>
[Scenario(Scenarios.Sales)]
public sealed class SalesByStore : IPipeline
{
    public const string Name = "sales-by-store";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Sales by store")
        .From(Topics.Sales, SaleEvents.Any)
        .KeyedByRecord("store", knownBy: Topics.Stores)
        .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Sum().Min().Max().Mean())
        .To(Topics.SalesAggregate, Encode)
        .PutAside(Topics.SalesLate, Topics.SalesDeadLetter)
        .Alert(AlertRules.When("silent-store").In("1m").NoEvents().Severity(AlertSeverity.Critical).Message("{key} has sold nothing for a minute"))
        .Alert(AlertRules.When("sudden-change", "amount_sum").In("1m").ChangesBy(0.6, previous: 5).ClearBelow(0.3)
            .Message("Sales of {key} jumped or dropped by more than 60 %: {value} in a minute, against {threshold}"))
        .Define();

    private static byte[] Encode(WindowRow row, int generation) => SalesWindowJson.Encode(new SalesWindow(
        row.Key.Text, row.Window.Start, row.Window.End, row.Measures.Count, (decimal)row.Measures.Sum, row.Measures.Min, row.Measures.Max, generation));
}
