using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Shop;

/// <summary>One place of a price's history that holds a change.</summary>
/// <param name="Column">Its place on the axis, from 0.</param>
/// <param name="Last">The price that was in force at its end.</param>
/// <param name="Low">The lowest price that a change set in it.</param>
/// <param name="High">The highest.</param>
public sealed record PricePoint(int Column, decimal Last, decimal Low, decimal High);

/// <summary>The price of one product over a range: for each place on the time axis with a change the last, lowest and highest price. Between them it has not changed.</summary>
/// <param name="Product">Which product.</param>
/// <param name="Chart">The same as a chart of the last, lowest and highest price.</param>
/// <param name="Points">Oldest first; empty when it has not changed in the range.</param>
/// <param name="Axis">Where the price axis begins and ends, and its step.</param>
public sealed record PriceHistory(ProductLabel Product, PipelineChartModel Chart, ImmutableArray<PricePoint> Points, (double From, double To, double Step) Axis)
{
    private const int Steps = 5;

    private static readonly ImmutableArray<int> NiceFactors = [1, 2, 5, 10];

    /// <summary>The history of a product in <paramref name="period"/>.</summary>
    public static PriceHistory Of(PipelinePeriod period, ProductLabel product)
    {
        ArgumentNullException.ThrowIfNull(product);
        var measures = new ShopMeasures(period.Plan);
        ImmutableArray<WindowColumn> columns =
            [.. period.Columns.Select(column => new WindowColumn(column.Window, [.. column.Cells.Where(cell => cell.Key == product.Id)], column.IsProvisional))];
        var own = new PipelinePeriod(period.Spec, period.Plan, columns, [.. columns.SelectMany(column => column.Cells)]) { Merged = period.Merged, Note = period.Note };
        ImmutableArray<PricePoint> points = [.. columns.Select((column, i) => PointOf(column, i, measures)).OfType<PricePoint>()];
        ImmutableArray<MeasureSeries> series =
        [
            Series("last", "Last price", 0, columns.Length, points, point => point.Last),
            Series("high", "Highest", 5, columns.Length, points, point => point.High),
            Series("low", "Lowest", 2, columns.Length, points, point => point.Low),
        ];
        return new PriceHistory(product, new PipelineChartModel(own, PipelineChartModel.MeasureOf(period.Plan, "price_last"), series, 0), points, AxisOf(points));
    }

    /// <summary>Whether a person would see the same: most checkpoints hold no change of this product, and a chart is costly to draw.</summary>
    public bool ShowsTheSameAs(PriceHistory? other) => other is not null && Product == other.Product && Points.SequenceEqual(other.Points)
        && Chart.Period.Columns.Select(Face).SequenceEqual(other.Chart.Period.Columns.Select(Face));

    /// <summary>Round numbers around the prices; with one price only, some room on both sides.</summary>
    internal static (double From, double To, double Step) AxisOf(IReadOnlyCollection<PricePoint> points)
    {
        if (points.Count == 0)
        {
            return (0, 1, 1);
        }

        var (low, high) = ((double)points.Min(point => point.Low), (double)points.Max(point => point.High));
        var room = Math.Max((high - low) * 0.08, Math.Max(high * 0.005, 0.05));
        var step = NiceStep((high - low + (2 * room)) / Steps);
        var from = Math.Floor((low - room) / step) * step;
        return (Math.Max(0, from), Math.Ceiling((high + room) / step) * step, step);
    }

    private static (Contracts.Windows.Window, bool, long, long) Face(WindowColumn column) => (column.Window, column.IsProvisional, column.Count, column.Late);

    private static PricePoint? PointOf(WindowColumn column, int at, ShopMeasures measures) =>
        column.Cells is [var cell] && (measures.Read(cell, "price_last"), measures.Read(cell, "price_min"), measures.Read(cell, "price_max")) is ({ } last, { } low, { } high)
            ? new PricePoint(at, last, low, high)
            : null;

    private static MeasureSeries Series(string id, string name, int color, int columns, ImmutableArray<PricePoint> points, Func<PricePoint, decimal> value)
    {
        var values = new double?[columns];
        foreach (var point in points)
        {
            values[point.Column] = (double)value(point);
        }

        return new MeasureSeries(id, name, color, [.. values], IsHidden: false);
    }

    /// <summary>1, 2 or 5 times a power of ten, not below a cent.</summary>
    private static double NiceStep(double least)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(least, 0.01))));
        return NiceFactors.Select(factor => factor * power).First(step => step >= least * 0.999_999 || step >= 10 * power);
    }
}
