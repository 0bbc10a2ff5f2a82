using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;
using Streaming.Contracts;

namespace Streaming.Aggregator.Pipelines;

/// <summary>Sales per store and minute: count, sum, min and max of the amounts. A store's sales are keyed by its id, so each window is whole.</summary>
public static class SalesByStore
{
    public const string Name = "sales-by-store";

    /// <summary>Windows of one minute; an event may come 5 s out of order and 10 s more late; a clock of a producer may be 1 min ahead.</summary>
    public static readonly WindowPlan Windows = new(
        [WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))],
        Grace: TimeSpan.FromSeconds(10),
        OutOfOrderness: TimeSpan.FromSeconds(5),
        FutureBound: TimeSpan.FromMinutes(1));

    public static PipelineDefinition Define() =>
        new(Name, Topics.Sales, Windows, Decode, Topics.SalesAggregate, Encode, Topics.SalesLate, Topics.SalesDeadLetter);

    private static string? Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out long measure, out long eventTimeMs)
    {
        var rejection = StoreSaleJson.Decode(key, value, out var amount, out eventTimeMs);
        measure = amount;
        return rejection == SaleRejection.None ? null : rejection.Word();
    }

    private static byte[] Encode(WindowRow row, int generation) => SalesWindowJson.Encode(new SalesWindow(
        row.Key.Text, row.Window.Start, row.Window.End, row.Measures.Count, (decimal)row.Measures.Sum, row.Measures.Min, row.Measures.Max, generation));
}
