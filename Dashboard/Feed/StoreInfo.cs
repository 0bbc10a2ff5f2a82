using Streaming.Dashboard.Maps;

namespace Streaming.Dashboard.Feed;

/// <summary>What is known of a store.</summary>
/// <param name="StoreId">Its id.</param>
/// <param name="Name">Its name, as somebody typed it: always encoded on its way to a page.</param>
/// <param name="City">Where it is.</param>
/// <param name="Currency">ISO 4217; empty for a store that nobody has described.</param>
public sealed record StoreInfo(string StoreId, string Name, string City, string Currency)
{
    /// <summary>Whether the reference data describes the store.</summary>
    public bool IsKnown { get; init; } = true;

    /// <summary>ISO 3166-1, two letters; empty where it is not known.</summary>
    public string Country { get; init; } = "";

    /// <summary>Null where nobody has said it, or what was said is no place on earth.</summary>
    public GeoPlace? Place { get; init; }

    /// <summary>A store that has sales but no description: it is shown as its id.</summary>
    public static StoreInfo Unknown(string storeId) => new(storeId, storeId.Length == 0 ? "(empty id)" : storeId, "unknown store", "") { IsKnown = false };
}

/// <summary>A place on earth, in degrees; north and east are positive.</summary>
public readonly record struct GeoPlace
{
    private GeoPlace(double latitude, double longitude) => (Latitude, Longitude) = (latitude, longitude);

    public double Latitude { get; }

    public double Longitude { get; }

    /// <summary>Where it lies on the map.</summary>
    public MapPoint OnMap => NaturalEarth.Project(Longitude, Latitude);

    /// <summary>The place; null when the numbers are none.</summary>
    public static GeoPlace? Of(double latitude, double longitude) =>
        Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 ? new GeoPlace(latitude, longitude) : null;
}
