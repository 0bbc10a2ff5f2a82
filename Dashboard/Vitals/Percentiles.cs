using System.Globalization;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Vitals;

/// <summary>Half of all, 95 and 99 of a hundred were this fast or faster.</summary>
public readonly record struct Percentiles(TimeSpan P50, TimeSpan P95, TimeSpan P99)
{
    /// <summary>Of all of these sketches together, which are in microseconds; null when nothing is in them.</summary>
    public static Percentiles? Of(IEnumerable<QuantileSketch?> sketches)
    {
        ArgumentNullException.ThrowIfNull(sketches);
        var all = new QuantileSketch();
        foreach (var sketch in sketches)
        {
            if (sketch is not null)
            {
                all.Merge(sketch);
            }
        }

        return all.Count == 0 ? null : new Percentiles(At(all, 0.5), At(all, 0.95), At(all, 0.99));
    }

    /// <summary>All three in one unit, of which the largest decides: <c>12 / 35 / 80 ms</c>.</summary>
    public static string Text(Percentiles? value) => value is not { } p ? Figures.Unknown
        : p.P99.TotalSeconds < 1 ? $"{Ms(p.P50)} / {Ms(p.P95)} / {Ms(p.P99)} ms"
        : p.P99.TotalMinutes < 2 ? $"{Seconds(p.P50)} / {Seconds(p.P95)} / {Seconds(p.P99)} s"
        : $"{Figures.Age(p.P50)} / {Figures.Age(p.P95)} / {Figures.Age(p.P99)}";

    /// <summary>One duration: <c>35 ms</c>, <c>1.4 s</c>, <c>3 min 20 s</c>.</summary>
    public static string Text(TimeSpan? value) => value is not { } span ? Figures.Unknown
        : span.TotalSeconds < 1 ? Ms(span) + " ms"
        : span.TotalMinutes < 2 ? Seconds(span) + " s"
        : Figures.Age(span);

    private static TimeSpan At(QuantileSketch sketch, double quantile) => TimeSpan.FromMicroseconds(sketch.Quantile(quantile)!.Value);

    private static string Ms(TimeSpan span) => span.TotalMilliseconds.ToString(span.TotalMilliseconds < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString(span.TotalSeconds < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
