using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>A store, as the topic <c>stores</c> describes it.</summary>
/// <param name="StoreId">The id that its sales carry.</param>
/// <param name="Name">Its name, for people.</param>
/// <param name="City">The city it stands in.</param>
/// <param name="Country">ISO 3166-1 alpha-2, such as <c>CH</c>.</param>
/// <param name="Latitude">Degrees north, −90 to 90.</param>
/// <param name="Longitude">Degrees east, −180 to 180.</param>
/// <param name="Currency">ISO 4217, such as <c>CHF</c>: the currency of its sales' amounts.</param>
public sealed record Store(
    string StoreId,
    string Name,
    string City,
    string Country,
    double Latitude,
    double Longitude,
    string Currency);

/// <summary><see cref="Store"/> as JSON with names in snake_case.</summary>
public static class StoreJson
{
    /// <summary>The store's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(Store store) => JsonSerializer.SerializeToUtf8Bytes(store, SalesJson.Default.Store);

    /// <summary>Reads a store; null with the reason in <paramref name="error"/> when it cannot be one.</summary>
    public static Store? TryDecode(ReadOnlySpan<byte> value, out string? error)
    {
        Store? store;
        try
        {
            store = JsonSerializer.Deserialize(value, SalesJson.Default.Store);
        }
        catch (JsonException e)
        {
            error = e.Message;
            return null;
        }

        error = store switch
        {
            null => "the value is null",
            { StoreId: null or "" } => "store_id is missing",
            { StoreId: var id } when id.Contains('\0', StringComparison.Ordinal) => "store_id holds U+0000",
            { Name: null or "" } or { City: null or "" } or { Country: null or "" } => "name, city or country is missing",
            { Currency: not { Length: 3 } } => "currency is not three letters (ISO 4217)",
            { Latitude: not (>= -90 and <= 90) } or { Longitude: not (>= -180 and <= 180) } => "latitude or longitude is out of range",
            _ => null,
        };
        return error is null ? store : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Store))]
[JsonSerializable(typeof(SalesWindow))]
internal sealed partial class SalesJson : JsonSerializerContext;
