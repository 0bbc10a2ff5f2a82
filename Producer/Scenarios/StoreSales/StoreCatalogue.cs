using Streaming.Contracts;

namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>A store and how it sells.</summary>
/// <param name="Store">What the topic <c>stores</c> says of it.</param>
/// <param name="TimeZoneId">IANA name of its time zone.</param>
/// <param name="Weight">Its part of all sales, relative to the other stores' weights.</param>
/// <param name="MedianAmount">Median amount of a sale, in whole units of its currency.</param>
public sealed record StoreProfile(Store Store, string TimeZoneId, double Weight, int MedianAmount)
{
    // Slim containers come without time zones: the sun's time is near enough for a rhythm.
    private readonly TimeZoneInfo _zone = TimeZoneInfo.TryFindSystemTimeZoneById(TimeZoneId, out var zone)
        ? zone
        : TimeZoneInfo.CreateCustomTimeZone(TimeZoneId, TimeSpan.FromHours(Math.Round(Store.Longitude / 15)), TimeZoneId, TimeZoneId);

    /// <summary>The time of day on the store's wall clock.</summary>
    public TimeSpan LocalTime(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _zone).TimeOfDay;
}

/// <summary>The simulated stores.</summary>
public static class StoreCatalogue
{
    /// <summary>All of them; the order is part of what a seed reproduces.</summary>
    public static IReadOnlyList<StoreProfile> Stores { get; } =
    [
        Profile("zurich-1", "Bahnhofstrasse", "Zürich", "CH", 47.3717, 8.5390, "CHF", "Europe/Zurich", 1.2, 62),
        Profile("geneva-1", "Rue du Rhône", "Geneva", "CH", 46.2040, 6.1466, "CHF", "Europe/Zurich", 0.8, 68),
        Profile("london-1", "Oxford Street", "London", "GB", 51.5154, -0.1410, "GBP", "Europe/London", 1.6, 38),
        Profile("paris-1", "Boulevard Haussmann", "Paris", "FR", 48.8738, 2.3320, "EUR", "Europe/Paris", 1.4, 42),
        Profile("berlin-1", "Kurfürstendamm", "Berlin", "DE", 52.5034, 13.3316, "EUR", "Europe/Berlin", 1.2, 36),
        Profile("stockholm-1", "Drottninggatan", "Stockholm", "SE", 59.3340, 18.0623, "SEK", "Europe/Stockholm", 0.7, 420),
        Profile("istanbul-1", "İstiklal", "Istanbul", "TR", 41.0351, 28.9788, "TRY", "Europe/Istanbul", 1.1, 980),
        Profile("new-york-1", "Fifth Avenue", "New York", "US", 40.7580, -73.9787, "USD", "America/New_York", 1.8, 58),
        Profile("san-francisco-1", "Union Square", "San Francisco", "US", 37.7879, -122.4075, "USD", "America/Los_Angeles", 1.1, 64),
        Profile("toronto-1", "Queen Street West", "Toronto", "CA", 43.6487, -79.3962, "CAD", "America/Toronto", 0.9, 54),
        Profile("sao-paulo-1", "Avenida Paulista", "São Paulo", "BR", -23.5614, -46.6559, "BRL", "America/Sao_Paulo", 1.2, 135),
        Profile("johannesburg-1", "Sandton", "Johannesburg", "ZA", -26.1076, 28.0567, "ZAR", "Africa/Johannesburg", 0.7, 310),
        Profile("dubai-1", "Downtown", "Dubai", "AE", 25.1972, 55.2744, "AED", "Asia/Dubai", 1.0, 190),
        Profile("mumbai-1", "Colaba Causeway", "Mumbai", "IN", 18.9220, 72.8311, "INR", "Asia/Kolkata", 1.3, 1450),
        Profile("singapore-1", "Orchard Road", "Singapore", "SG", 1.3039, 103.8320, "SGD", "Asia/Singapore", 1.2, 72),
        Profile("tokyo-1", "Ginza", "Tokyo", "JP", 35.6717, 139.7650, "JPY", "Asia/Tokyo", 1.9, 5200),
        Profile("sydney-1", "Pitt Street", "Sydney", "AU", -33.8707, 151.2086, "AUD", "Australia/Sydney", 0.9, 66),
    ];

    private static StoreProfile Profile(
        string id, string street, string city, string country, double latitude, double longitude, string currency,
        string timeZoneId, double weight, int medianAmount) =>
        new(new Store(id, $"{city} {street}", city, country, latitude, longitude, currency), timeZoneId, weight, medianAmount);
}
