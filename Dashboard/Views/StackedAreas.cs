using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Streaming.Dashboard.Views;

/// <summary>Areas on top of each other, as SVG paths in a plane of 1000 by 1000 with the origin at the top left. Pure.</summary>
/// <param name="Axis">What the height stands for.</param>
/// <param name="Paths">One closed area per series, in their order, the first at the bottom.</param>
public sealed record StackedAreas(ValueAxis Axis, ImmutableArray<string> Paths)
{
    /// <summary>Width and height of the plane.</summary>
    public const int Plane = 1000;

    /// <summary>A value stands for a whole slot: it lies in the slot's middle, and the first and the last reach to the edges.</summary>
    /// <param name="series">The values of each series, one per slot; all of the same length.</param>
    /// <param name="first">Where to begin: of the slots before nothing is known, which is not the same as zero.</param>
    public static StackedAreas Of(IReadOnlyList<ImmutableArray<decimal>> series, int first = 0)
    {
        ArgumentNullException.ThrowIfNull(series);
        var slots = series.Count == 0 ? 0 : series[0].Length;
        var axis = ValueAxis.For((double)Enumerable.Range(0, slots).Select(slot => series.Sum(values => values[slot])).DefaultIfEmpty().Max());
        var below = new decimal[slots];
        var paths = ImmutableArray.CreateBuilder<string>();
        foreach (var values in series)
        {
            var above = below.Zip(values, (floor, value) => floor + value).ToArray();
            paths.Add(Area(Line(above, axis, first), Line(below, axis, first)));
            below = above;
        }

        return new StackedAreas(axis, paths.ToImmutable());
    }

    private static List<(double X, double Y)> Line(decimal[] values, ValueAxis axis, int first)
    {
        double At(double slot) => slot / values.Length * Plane;
        var points = values.Select((value, slot) => (X: At(slot + 0.5), Y: Plane * (1 - ((double)value / axis.Top)))).Skip(first).ToList();
        return points.Count == 0 ? [] : [(At(first), points[0].Y), .. points, (Plane, points[^1].Y)];
    }

    private static string Area(List<(double X, double Y)> upper, List<(double X, double Y)> lower)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in upper.Concat(Enumerable.Reverse(lower)))
        {
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? "M" : "L")}{x:0.#},{y:0.#}");
        }

        return path.Append(path.Length == 0 ? "" : "Z").ToString();
    }
}
