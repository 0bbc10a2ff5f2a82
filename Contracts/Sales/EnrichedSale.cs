using System.Buffers;
using System.Text.Json;

namespace Streaming.Contracts;

/// <summary>
/// A sale with what was known of its store when it was published: a record of the topic <c>sales-enriched</c>. The texts are UTF-8 bytes, borrowed from the record
/// or from the store's row, so that none is made for each sale.
/// </summary>
/// <param name="StoreId">The store; also the record's key.</param>
/// <param name="Amount">In whole units of <paramref name="Currency"/>.</param>
/// <param name="Time">When it happened: the event time.</param>
/// <param name="City">The store's city; <c>unknown</c> when nobody had described the store.</param>
/// <param name="Country">ISO 3166-1 alpha-2; <c>unknown</c> likewise.</param>
/// <param name="Currency">ISO 4217; <c>XXX</c> ("no currency") likewise.</param>
public readonly record struct EnrichedSale(
    ReadOnlyMemory<byte> StoreId, int Amount, DateTimeOffset Time, ReadOnlyMemory<byte> City, ReadOnlyMemory<byte> Country, ReadOnlyMemory<byte> Currency)
{
    /// <summary>What stands for a city or a country that is not known.</summary>
    public static readonly ReadOnlyMemory<byte> Unknown = "unknown"u8.ToArray();

    /// <summary>ISO 4217's code for no currency.</summary>
    public static readonly ReadOnlyMemory<byte> NoCurrency = "XXX"u8.ToArray();
}

/// <summary>
/// <see cref="EnrichedSale"/> as JSON:
/// <c>{"store_id":"zurich-1","sale_amount":42,"sale_ts":1767225600000,"city":"Zürich","country":"CH","currency":"CHF"}</c>.
/// </summary>
public static class EnrichedSaleJson
{
    /// <summary>The sale's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(in EnrichedSale sale)
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("store_id"u8, sale.StoreId.Span);
        json.WriteNumber("sale_amount"u8, sale.Amount);
        json.WriteNumber("sale_ts"u8, sale.Time.ToUnixTimeMilliseconds());
        json.WriteString("city"u8, sale.City.Span);
        json.WriteString("country"u8, sale.Country.Span);
        json.WriteString("currency"u8, sale.Currency.Span);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a sale; its texts are slices of <paramref name="value"/> unless they hold escapes.</summary>
    /// <returns>What is wrong with it; null when it is a sale.</returns>
    public static string? Decode(ReadOnlyMemory<byte> value, out EnrichedSale sale)
    {
        sale = default;
        try
        {
            return Read(value, out sale);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "the value is not a JSON object of an enriched sale";
        }
    }

    private static string? Read(ReadOnlyMemory<byte> value, out EnrichedSale sale)
    {
        ReadOnlyMemory<byte> storeId = default, city = default, country = default, currency = default;
        long? amount = null, time = null;
        var json = new Utf8JsonReader(value.Span);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("store_id"u8))
            {
                storeId = Text(ref json, value);
            }
            else if (json.ValueTextEquals("sale_amount"u8))
            {
                amount = Number(ref json);
            }
            else if (json.ValueTextEquals("sale_ts"u8))
            {
                time = Number(ref json);
            }
            else if (json.ValueTextEquals("city"u8))
            {
                city = Text(ref json, value);
            }
            else if (json.ValueTextEquals("country"u8))
            {
                country = Text(ref json, value);
            }
            else if (json.ValueTextEquals("currency"u8))
            {
                currency = Text(ref json, value);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        sale = default;
        if (json.TokenType != JsonTokenType.EndObject || json.Read())
        {
            return "the value is not a JSON object";
        }

        if (storeId.IsEmpty || city.IsEmpty || country.IsEmpty || currency.IsEmpty || amount is null || time is null)
        {
            return "store_id, sale_amount, sale_ts, city, country or currency is missing";
        }

        if (amount is < 0 or > StoreSale.MaxAmount || time is < 0 or > StoreSale.MaxTimestamp)
        {
            return "sale_amount or sale_ts is out of range";
        }

        sale = new EnrichedSale(storeId, (int)amount, DateTimeOffset.FromUnixTimeMilliseconds(time.Value), city, country, currency);
        return null;
    }

    private static ReadOnlyMemory<byte> Text(ref Utf8JsonReader json, ReadOnlyMemory<byte> value)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String)
        {
            throw new JsonException("a text was expected");
        }

        if (!json.ValueIsEscaped)
        {
            return value.Slice((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
        }

        var text = new byte[json.ValueSpan.Length];
        return text.AsMemory(0, json.CopyString(text));
    }

    private static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : throw new JsonException("a whole number was expected");
    }
}
