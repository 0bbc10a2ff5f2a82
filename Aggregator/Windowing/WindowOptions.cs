using System.Globalization;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// What windows a pipeline has and how long it waits for events. Every duration is a whole number of milliseconds.
/// A change of any of them changes results, so it belongs to a new generation of the pipeline (see <see cref="Fingerprint"/>).
/// </summary>
/// <param name="Size">Length of a window; more than zero, at most <see cref="Longest"/>.</param>
/// <param name="Offset">Shift of every window start from the Unix epoch; at least zero, less than <paramref name="Size"/>.</param>
/// <param name="Grace">How long a window stays open after the watermark has reached its end.</param>
/// <param name="OutOfOrderness">How far the watermark stays behind the largest event time seen.</param>
/// <param name="FutureBound">How far an event time may be ahead of its record's broker timestamp.</param>
public sealed record WindowOptions(TimeSpan Size, TimeSpan Offset, TimeSpan Grace, TimeSpan OutOfOrderness, TimeSpan FutureBound)
{
    /// <summary>Upper limit of each duration; it keeps all arithmetic on event times inside the range of <see cref="DateTimeOffset"/>.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Everything that decides results, as one line of text: equal text, equal results.</summary>
    public string Fingerprint => string.Create(CultureInfo.InvariantCulture,
        $"tumbling size_ms={Ms(Size)} offset_ms={Ms(Offset)} grace_ms={Ms(Grace)} out_of_orderness_ms={Ms(OutOfOrderness)} future_bound_ms={Ms(FutureBound)}");

    /// <summary>Refuses values that have no meaning.</summary>
    /// <param name="section">The configuration section that the values come from; it prefixes the key in the error.</param>
    /// <exception cref="ArgumentException">A value is out of range; the message names its key and the value.</exception>
    public void Validate(string section = "Windows")
    {
        Check(section, nameof(Size), Size, TimeSpan.FromMilliseconds(1), Longest);
        Check(section, nameof(Offset), Offset, TimeSpan.Zero, Size - TimeSpan.FromMilliseconds(1));
        Check(section, nameof(Grace), Grace, TimeSpan.Zero, Longest);
        Check(section, nameof(OutOfOrderness), OutOfOrderness, TimeSpan.Zero, Longest);
        Check(section, nameof(FutureBound), FutureBound, TimeSpan.Zero, Longest);
    }

    internal static long Ms(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;

    private static void Check(string section, string key, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most || value.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{section}:{key} is {value:c}; it must be whole milliseconds from {least:c} to {most:c}."));
        }
    }
}
