using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Streaming.Contracts;

/// <summary>
/// <see cref="StoreSale"/> as JSON: <c>{"store_id":"zurich-1","sale_amount":42,"sale_ts":1767225600000}</c>. Fields may come in any
/// order; unknown ones are passed over, so that a producer can add one; of a field that comes twice the last counts.
/// </summary>
public static class StoreSaleJson
{
    /// <summary>The sale's JSON as UTF-8 bytes.</summary>
    public static byte[] Encode(in StoreSale sale)
    {
        var buffer = new ArrayBufferWriter<byte>(96);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("store_id"u8, sale.StoreId);
        json.WriteNumber("sale_amount"u8, sale.SaleAmount);
        json.WriteNumber("sale_ts"u8, sale.SaleTs);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads a record and checks it against its key, without allocating. <paramref name="amount"/> (whole currency units) and
    /// <paramref name="timestamp"/> (event time, milliseconds since the epoch) count only when the answer is
    /// <see cref="SaleRejection.None"/>; the store id is then equal to <paramref name="key"/>.
    /// </summary>
    public static SaleRejection Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out int amount, out long timestamp)
    {
        amount = 0;
        timestamp = 0;
        if (value.IsEmpty)
        {
            return SaleRejection.NoValue;
        }

        if (PlainSale.TryRead(key, value, out amount, out timestamp))
        {
            return SaleRejection.None;
        }

        try
        {
            return Read(key, value, out amount, out timestamp);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a field name with half a surrogate pair in it.
            return SaleRejection.Malformed;
        }
    }

    private static SaleRejection Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out int amount, out long timestamp)
    {
        amount = 0;
        timestamp = 0;
        bool hasStore = false, hasAmount = false, hasTimestamp = false, typesFit = true, storeIsKey = false, storeIsGood = false;
        long wideAmount = 0;
        var json = new Utf8JsonReader(value);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return SaleRejection.Malformed;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("store_id"u8))
            {
                json.Read();
                hasStore = json.TokenType == JsonTokenType.String;
                typesFit &= hasStore;
                storeIsGood = hasStore && IsGoodStoreId(ref json);
                storeIsKey = storeIsGood && json.ValueTextEquals(key);
            }
            else if (json.ValueTextEquals("sale_amount"u8))
            {
                json.Read();
                hasAmount = true;
                typesFit &= TryInteger(ref json, out wideAmount);
            }
            else if (json.ValueTextEquals("sale_ts"u8))
            {
                json.Read();
                hasTimestamp = true;
                typesFit &= TryInteger(ref json, out timestamp);
            }
            else
            {
                json.Read();
                json.Skip();
            }

            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                json.Skip();
            }
        }

        if (json.TokenType != JsonTokenType.EndObject || json.Read())
        {
            return SaleRejection.Malformed;
        }

        amount = unchecked((int)wideAmount);
        return (typesFit, hasStore && hasAmount && hasTimestamp, storeIsGood) switch
        {
            (false, _, _) => SaleRejection.WrongType,
            (_, false, _) => SaleRejection.MissingField,
            (_, _, false) => SaleRejection.BadStoreId,
            _ when wideAmount < 0 => SaleRejection.NegativeAmount,
            _ when wideAmount > StoreSale.MaxAmount => SaleRejection.AbsurdAmount,
            _ when timestamp is < 0 or > StoreSale.MaxTimestamp => SaleRejection.BadTimestamp,
            _ when key.IsEmpty => SaleRejection.NoKey,
            _ when !storeIsKey => SaleRejection.KeyMismatch,
            _ => SaleRejection.None,
        };
    }

    private static bool TryInteger(ref Utf8JsonReader json, out long number)
    {
        number = 0;
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out number);
    }

    // PostgreSQL's text cannot hold U+0000, and the reader checks escaped text only when it is unescaped.
    private static bool IsGoodStoreId(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped)
        {
            return json.ValueSpan.Length is > 0 and <= StoreSale.MaxStoreIdBytes && Utf8.IsValid(json.ValueSpan) && !json.ValueSpan.Contains((byte)0);
        }

        if (json.ValueSpan.Length > 6 * StoreSale.MaxStoreIdBytes)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[6 * StoreSale.MaxStoreIdBytes];
        try
        {
            var length = json.CopyString(text);
            return length is > 0 and <= StoreSale.MaxStoreIdBytes && !text[..length].Contains((byte)0);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text at all.
            return false;
        }
    }
}
