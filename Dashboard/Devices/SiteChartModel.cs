using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Streaming.Dashboard.Devices;

/// <summary>What the chart of a site's temperature draws, in a box of 1000 by 300 with the origin at the top left. Pure.</summary>
/// <param name="Period">The range.</param>
/// <param name="Site">The site; null: all together.</param>
/// <param name="Low">The value at the bottom, °C.</param>
/// <param name="High">The value at the top, °C.</param>
/// <param name="Ticks">Values that have a line, °C.</param>
/// <param name="Band">From the lowest to the highest: an SVG path.</param>
/// <param name="Mean">The mean: an SVG path.</param>
/// <param name="P95">The 95th percentile: an SVG path.</param>
/// <param name="Stretches">Which level shows which part of the width, oldest first.</param>
/// <param name="OpenFrom">Where the provisional slots begin, 0 to 1; 1 when all are final.</param>
public sealed record SiteChartModel(
    SitePeriod Period, string? Site, double Low, double High, ImmutableArray<double> Ticks, string Band, string Mean, string P95,
    ImmutableArray<(string Level, double From, double To)> Stretches, double OpenFrom)
{
    private const double Width = 1000, Height = 300;
    private const int WantedTicks = 5;

    private static readonly ImmutableArray<int> NiceSteps = [1, 2, 5, 10];

    /// <summary>Whether there is anything to draw.</summary>
    public bool HasData => Band.Length > 0;

    /// <summary>Where a moment lies, 0 to 1.</summary>
    public double At(long timeMs) => (timeMs - Period.Slots[0].Window.StartMs) / (double)(Period.Slots[^1].Window.EndMs - Period.Slots[0].Window.StartMs);

    public static SiteChartModel Build(SitePeriod period, string? site)
    {
        ArgumentNullException.ThrowIfNull(period);
        var readings = period.Slots.Select(slot => slot.Of(site)).ToImmutableArray();
        var values = readings.OfType<SiteReading>().SelectMany(r => new[] { r.Min, r.Max }).OfType<double>().ToList();
        var (low, high, ticks) = Axis(values);
        var model = new SiteChartModel(period, site, low, high, ticks, "", "", "", [], 1);
        var firstOpen = period.Slots.FirstOrDefault(slot => slot.IsProvisional);
        return model with
        {
            Band = model.Area(readings),
            Mean = model.Line(readings, reading => reading.Mean),
            P95 = model.Line(readings, reading => reading.P95),
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
    private string Line(ImmutableArray<SiteReading?> readings, Func<SiteReading, double?> of)
    {
        var path = new StringBuilder();
        foreach (var run in RunsOf(readings, of))
        {
            Append(path, 'M', Points(run, of));
        }

        return path.ToString();
    }

    private string Area(ImmutableArray<SiteReading?> readings)
    {
        var path = new StringBuilder();
        foreach (var run in RunsOf(readings, reading => reading.Max - reading.Min))
        {
            Append(path, 'M', Points(run, reading => reading.Max));
            Append(path, 'L', Points(run, reading => reading.Min).Reverse());
            path.Append('Z');
        }

        return path.ToString();
    }

    private static IEnumerable<List<(int Slot, SiteReading Reading)>> RunsOf(ImmutableArray<SiteReading?> readings, Func<SiteReading, double?> of)
    {
        var run = new List<(int, SiteReading)>();
        for (var i = 0; i < readings.Length; i++)
        {
            if (readings[i] is { } reading && of(reading) is not null)
            {
                run.Add((i, reading));
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }

    private IEnumerable<(double X, double Y)> Points(List<(int Slot, SiteReading Reading)> run, Func<SiteReading, double?> of)
    {
        (double, double) At(long timeMs, SiteReading reading) => (this.At(timeMs) * Width, Depth(of(reading)!.Value) * Height);

        var (first, last) = (Period.Slots[run[0].Slot].Window, Period.Slots[run[^1].Slot].Window);
        yield return At(first.StartMs, run[0].Reading);
        foreach (var (slot, reading) in run)
        {
            var window = Period.Slots[slot].Window;
            yield return At((window.StartMs + window.EndMs) / 2, reading);
        }

        yield return At(last.EndMs, run[^1].Reading);
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
