namespace Streaming.Producer.Scenarios.Iot;

/// <summary>A simulated site and its climate.</summary>
/// <param name="Id">Its id, with which its devices' ids begin.</param>
/// <param name="Mean">Mean temperature of a day, °C.</param>
/// <param name="Swing">How far the warmest hour lies above it, °C.</param>
/// <param name="HoursFromUtc">How far the sun is ahead of Greenwich's, hours.</param>
public sealed record Site(string Id, double Mean, double Swing, double HoursFromUtc)
{
    /// <summary>The warmest time of a day, hours after the sun's midnight.</summary>
    private const double Warmest = 15;

    /// <summary>All of them; the order is part of what a seed reproduces.</summary>
    public static IReadOnlyList<Site> All { get; } =
    [
        new("oslo", 17.5, 2.5, 0.7), new("zurich", 20.5, 3.0, 0.6), new("lisbon", 22.0, 4.0, -0.6), new("cairo", 27.5, 6.0, 2.1),
        new("nairobi", 23.0, 4.5, 2.5), new("mumbai", 28.5, 3.0, 4.9), new("singapore", 27.0, 1.5, 6.9), new("tokyo", 21.5, 3.0, 9.3),
        new("perth", 24.5, 5.5, 7.7), new("denver", 19.0, 6.5, -7.0), new("lima", 20.0, 2.0, -5.1), new("cold-store", -18.0, 0.8, 0),
    ];

    /// <summary>The temperature there, °C: the same for the same instant.</summary>
    public double TemperatureAt(DateTimeOffset at)
    {
        var hour = (at.UtcDateTime.TimeOfDay.TotalHours + HoursFromUtc) % 24;
        return Mean + (Swing * Math.Cos((hour - Warmest) / 24 * 2 * Math.PI));
    }
}
