using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Devices;

/// <summary>What the chart of a site's temperature draws, in a box of 1000 by 300 with the origin at the top left. Pure.</summary>
/// <param name="Period">The range.</param>
/// <param name="Site">The site; null: all together.</param>
/// <param name="Low">The value at the bottom, °C.</param>
/// <param name="High">The value at the top, °C.</param>
/// <param name="Ticks">Values that have a line, °C.</param>
/// <param name="Band">From the lowest to the highest: an SVG path.</param>
/// <param name="Lines">Of one site the 95th percentile and the mean; of all the mean of each of the largest.</param>
/// <param name="Stretches">Which level shows which part of the width, oldest first.</param>
/// <param name="OpenFrom">Where the provisional slots begin, 0 to 1; 1 when all are final.</param>
public sealed record SiteChartModel(
    SitePeriod Period, string? Site, double Low, double High, ImmutableArray<double> Ticks, string Band, ImmutableArray<SiteLine> Lines,
    ImmutableArray<(string Level, double From, double To)> Stretches, double OpenFrom)
{
    private const double Width = 1000, Height = 300;
    private const int WantedTicks = 5;

    private static readonly ImmutableArray<int> NiceSteps = [1, 2, 5, 10];

    /// <summary>Whether there is anything to draw.</summary>
    public bool HasData => Lines.Any(line => line.Path.Length > 0);

    /// <summary>Where a moment lies, 0 to 1.</summary>
    public double At(long timeMs) => (timeMs - Period.Slots[0].Window.StartMs) / (double)(Period.Slots[^1].Window.EndMs - Period.Slots[0].Window.StartMs);

    /// <param name="period">The range.</param>
    /// <param name="site">The one site to show; null: all.</param>
    /// <param name="places">Of all: the sites that have a line, each with its colour, 0 to 6; null or none: all sites together as if they were one.</param>
    public static SiteChartModel Build(SitePeriod period, string? site, IReadOnlyDictionary<string, int>? places = null)
    {
        ArgumentNullException.ThrowIfNull(period);
        var readings = period.Slots.Select(slot => slot.Of(site)).ToImmutableArray();
        ImmutableArray<SiteLine> lines = site is null && places is { Count: > 0 }
            ? [.. places.OrderBy(place => place.Key, StringComparer.Ordinal).Select(place => new SiteLine("site:" + KeyText.Id(place.Key), place.Key, place.Value, [.. period.Slots.Select(slot => slot.Of(place.Key)?.Mean)]))]
            : [new SiteLine("p95", "95th percentile", 5, [.. readings.Select(reading => reading?.P95)]), new SiteLine("mean", "Mean", 0, [.. readings.Select(reading => reading?.Mean)])];
        var isOne = lines[0].Id == "p95";
        var edges = isOne ? readings.OfType<SiteReading>().SelectMany(r => new[] { r.Min, r.Max }) : [];
        var (low, high, ticks) = Axis([.. edges.Concat(lines.SelectMany(line => line.Values)).OfType<double>()]);
        var model = new SiteChartModel(period, site, low, high, ticks, "", [], [], 1);
        var firstOpen = period.Slots.FirstOrDefault(slot => slot.IsProvisional);
        return model with
        {
            Band = isOne ? model.Area(readings) : "",
            Lines = [.. lines.Select(line => line with { Path = model.Line(line.Values) })],
            Stretches = [.. Runs(period).Select(run => (run.Level, model.At(run.StartMs), model.At(run.EndMs)))],
            OpenFrom = firstOpen is null ? 1 : model.At(firstOpen.Window.StartMs),
        };
    }

    /// <summary>Where a value lies, 0 at the top, 1 at the bottom.</summary>
    public double Depth(double value) => (High - value) / (High - Low);

    private static (double Low, double High, ImmutableArray<double> Ticks) Axis(List<double> values)
    {
        if (values.Count == 0)
        {
            return (0, 1, []);
        }

        var (min, max) = (values.Min(), values.Max());
        var raw = Math.Max(max - min, 1) / WantedTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = NiceSteps.First(factor => factor * power >= raw) * power;
        var (low, high) = (Math.Floor(min / step) * step, Math.Ceiling(max / step) * step);
        high = high > low ? high : low + step;
        return (low, high, [.. Enumerable.Range(0, (int)Math.Round((high - low) / step) + 1).Select(i => Math.Round(low + (i * step), 6))]);
    }

    private static IEnumerable<(string Level, long StartMs, long EndMs)> Runs(SitePeriod period)
    {
        var first = period.Slots[0];
        for (var i = 1; i <= period.Slots.Length; i++)
        {
            if (i == period.Slots.Length || period.Slots[i].Level != first.Level)
            {
                yield return (first.Level, first.Window.StartMs, period.Slots[i - 1].Window.EndMs);
                first = i == period.Slots.Length ? first : period.Slots[i];
            }
        }
    }

    /// <summary>A line through the middles of the slots, level at its ends; it breaks where nothing was measured.</summary>
    private string Line(ImmutableArray<double?> values)
    {
        var path = new StringBuilder();
        foreach (var (first, last) in Known(values))
        {
            Append(path, 'M', Points(first, last, values));
        }

        return path.ToString();
    }

    private string Area(ImmutableArray<SiteReading?> readings)
    {
        var (lowest, highest) = (readings.Select(r => r?.Min).ToImmutableArray(), readings.Select(r => r?.Max).ToImmutableArray());
        var path = new StringBuilder();
        foreach (var (first, last) in Known(lowest))
        {
            Append(path, 'M', Points(first, last, highest));
            Append(path, 'L', Points(first, last, lowest).Reverse());
            path.Append('Z');
        }

        return path.ToString();
    }

    /// <summary>The slots in a row that have a value.</summary>
    private static IEnumerable<(int First, int Last)> Known(ImmutableArray<double?> values)
    {
        for (var first = 0; first < values.Length; first++)
        {
            if (values[first] is null)
            {
                continue;
            }

            var last = first;
            while (last + 1 < values.Length && values[last + 1] is not null)
            {
                last++;
            }

            yield return (first, last);
            first = last;
        }
    }

    private IEnumerable<(double X, double Y)> Points(int first, int last, ImmutableArray<double?> values)
    {
        (double, double) Place(long timeMs, int slot) => (At(timeMs) * Width, Depth(values[slot]!.Value) * Height);

        yield return Place(Period.Slots[first].Window.StartMs, first);
        for (var slot = first; slot <= last; slot++)
        {
            var window = Period.Slots[slot].Window;
            yield return Place((window.StartMs + window.EndMs) / 2, slot);
        }

        yield return Place(Period.Slots[last].Window.EndMs, last);
    }

    private static void Append(StringBuilder path, char first, IEnumerable<(double X, double Y)> points)
    {
        var letter = first;
        foreach (var (x, y) in points)
        {
            path.Append(letter).Append(x.ToString("0.#", CultureInfo.InvariantCulture)).Append(' ').Append(y.ToString("0.#", CultureInfo.InvariantCulture));
            letter = 'L';
        }
    }

}

/// <summary>A line of the chart.</summary>
/// <param name="Id">For the address: what is switched on and off.</param>
/// <param name="Name">For people; a site as somebody sent it.</param>
/// <param name="Color">Which of the series' colours.</param>
/// <param name="Values">By slot, °C; null where nothing was measured.</param>
public sealed record SiteLine(string Id, string Name, int Color, ImmutableArray<double?> Values)
{
    /// <summary>An SVG path.</summary>
    public string Path { get; init; } = "";
}
