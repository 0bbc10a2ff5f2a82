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

    /// <summary>A store that has sales but no description: it is shown as its id.</summary>
    public static StoreInfo Unknown(string storeId) => new(storeId, storeId.Length == 0 ? "(empty id)" : storeId, "unknown store", "") { IsKnown = false };
}
