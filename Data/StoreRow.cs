namespace Streaming.Data;

/// <summary>What readers know of a store, projected from the topic <c>stores</c>.</summary>
public sealed class StoreRow
{
    public required string StoreId { get; set; }

    public required string Name { get; set; }

    public required string City { get; set; }

    public required string Country { get; set; }

    /// <summary>Degrees, north positive.</summary>
    public double Latitude { get; set; }

    /// <summary>Degrees, east positive.</summary>
    public double Longitude { get; set; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; set; }

    public DateTime UpdatedAt { get; set; }
}
