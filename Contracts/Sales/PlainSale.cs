using System.Buffers;

namespace Streaming.Contracts;

/// <summary>
/// Recognizes the form that <see cref="StoreSaleJson.Encode"/> and most producers write (no white space, fields in this order, nothing escaped) by
/// comparing bytes, at a fraction of what a JSON reader costs. It takes good sales only; everything else is left to the reader, which decides as if this
/// were not here.
/// </summary>
internal static class PlainSale
{
    // Digits of the longest timestamp that is believed; one more makes it the reader's case.
    private const int MostDigits = 15;

    /// <summary>Bytes that stand for themselves in a JSON string: printable ASCII but quotation mark and backslash.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (byte)code).Where(code => code is not ((byte)'"' or (byte)'\\'))]);

    public static bool TryRead(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out int amount, out long timestamp)
    {
        timestamp = 0;
        long wideAmount = 0;
        var isPlain = key.Length is > 0 and <= StoreSale.MaxStoreIdBytes && !key.ContainsAnyExcept(Plain)
            && Skip("{\"store_id\":\""u8, ref value) && Skip(key, ref value)
            && Skip("\",\"sale_amount\":"u8, ref value) && TryNumber(StoreSale.MaxAmount, ref value, out wideAmount)
            && Skip(",\"sale_ts\":"u8, ref value) && TryNumber(StoreSale.MaxTimestamp, ref value, out timestamp)
            && value is [(byte)'}'];
        amount = (int)wideAmount;
        return isPlain;
    }

    private static bool Skip(ReadOnlySpan<byte> expected, ref ReadOnlySpan<byte> value)
    {
        if (!value.StartsWith(expected))
        {
            return false;
        }

        value = value[expected.Length..];
        return true;
    }

    /// <summary>Reads an integer from 0 to <paramref name="most"/>; JSON allows no leading zeros.</summary>
    private static bool TryNumber(long most, ref ReadOnlySpan<byte> value, out long number)
    {
        number = 0;
        var digits = 0;
        while (digits < value.Length && digits < MostDigits && value[digits] is >= (byte)'0' and <= (byte)'9')
        {
            number = (number * 10) + (value[digits++] - '0');
        }

        var isNumber = digits > 0 && (digits == 1 || value[0] != '0') && number <= most;
        value = value[digits..];
        return isNumber;
    }
}
