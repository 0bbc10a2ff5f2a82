using System.Globalization;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// What windows a pipeline has and how long it waits for events. Every duration is a whole number of milliseconds.
/// A change of any of them changes results, so it belongs to a new generation of the pipeline (see <see cref="Fingerprint"/>).
/// </summary>
/// <param name="Windows">The kinds of windows, at least one; every event goes into all of them. Names are unique.</param>
/// <param name="Grace">How long a window stays open after the watermark has reached its end.</param>
/// <param name="OutOfOrderness">How far the watermark stays behind the largest event time seen.</param>
/// <param name="FutureBound">How far an event time may be ahead of its record's broker timestamp.</param>
public sealed record WindowPlan(IReadOnlyList<WindowSpec> Windows, TimeSpan Grace, TimeSpan OutOfOrderness, TimeSpan FutureBound)
{
    /// <summary>Everything that decides results, as one line of text: equal text, equal results.</summary>
    public string Fingerprint => string.Create(CultureInfo.InvariantCulture,
        $"windows=[{string.Join(", ", Windows.Select(window => window.Fingerprint()))}] grace_ms={Ms(Grace)} out_of_orderness_ms={Ms(OutOfOrderness)} future_bound_ms={Ms(FutureBound)}");

    /// <summary>No window is longer than this; sessions, which have no longest, are not counted.</summary>
    public TimeSpan LongestSize => Windows.Max(window => window switch
    {
        TumblingWindows w => w.Size,
        HoppingWindows w => w.Size,
        CumulativeWindows w => w.Size,
        CalendarDays => TimeSpan.FromDays(3),
        _ => TimeSpan.Zero,
    });

    /// <summary>Refuses values that have no meaning.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names its key and the value.</exception>
    public void Validate()
    {
        if (Windows.Count == 0)
        {
            throw new ArgumentException("There is no window.");
        }

        foreach (var problem in Windows.Select(window => window.Problem()).OfType<string>())
        {
            throw new ArgumentException(problem);
        }

        if (Windows.GroupBy(window => window.Name).FirstOrDefault(name => name.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two kinds of windows have the name '{twice.Key}'.");
        }

        Check(nameof(Grace), Grace);
        Check(nameof(OutOfOrderness), OutOfOrderness);
        Check(nameof(FutureBound), FutureBound);
    }

    internal static long Ms(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;

    private static void Check(string key, TimeSpan value)
    {
        if (value < TimeSpan.Zero || value > WindowSpecs.Longest || value.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{key} is {value:c}; it must be whole milliseconds from {TimeSpan.Zero:c} to {WindowSpecs.Longest:c}."));
        }
    }
}
