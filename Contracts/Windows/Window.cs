namespace Streaming.Contracts.Windows;

/// <summary>A half-open interval of event time, <c>[start, end)</c>, in milliseconds since the Unix epoch.</summary>
/// <param name="StartMs">First millisecond inside.</param>
/// <param name="EndMs">First millisecond after; greater than <paramref name="StartMs"/>.</param>
public readonly record struct Window(long StartMs, long EndMs)
{
    /// <summary>First instant inside, UTC.</summary>
    public DateTimeOffset Start => DateTimeOffset.FromUnixTimeMilliseconds(StartMs);

    /// <summary>First instant after, UTC.</summary>
    public DateTimeOffset End => DateTimeOffset.FromUnixTimeMilliseconds(EndMs);

    /// <summary>Whether the moment, milliseconds since the Unix epoch, lies inside.</summary>
    public bool Contains(long timeMs) => StartMs <= timeMs && timeMs < EndMs;

    /// <summary>The interval between two instants of whole milliseconds.</summary>
    public static Window Between(DateTimeOffset start, DateTimeOffset end) => new(start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
}
