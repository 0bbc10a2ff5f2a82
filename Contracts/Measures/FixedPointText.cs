namespace Streaming.Contracts.Measures;

/// <summary>The reading of JSON numbers as scaled integers: split the text into sign, digits and exponent, then keep the digits that the scale has room for.</summary>
internal static class FixedPointText
{
    // An exponent beyond this decides by its sign alone, whatever the digits are: no text is that long.
    private const long ExponentLimit = int.MaxValue * 4L;

    // A long has at most 19 digits.
    private const int MostDigits = 19;

    public static FixedPointError Parse(ReadOnlySpan<byte> utf8, int scale, out long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)scale, 9u);
        value = 0;
        bool isNegative = utf8 is [(byte)'-', ..];
        ReadOnlySpan<byte> rest = isNegative ? utf8[1..] : utf8;
        ReadOnlySpan<byte> whole = Digits(ref rest);
        if (whole.IsEmpty || (whole.Length > 1 && whole[0] == '0'))
        {
            return IsNotFinite(rest) && whole.IsEmpty ? FixedPointError.NotFinite : FixedPointError.Malformed;
        }

        if (!TryFraction(ref rest, out ReadOnlySpan<byte> fraction) || !TryExponent(ref rest, out long exponent) || !rest.IsEmpty)
        {
            return FixedPointError.Malformed;
        }

        return TryScale(whole, fraction, exponent + scale, out UInt128 magnitude) && TrySign(magnitude, isNegative, out value)
            ? FixedPointError.None
            : FixedPointError.OutOfRange;
    }

    private static ReadOnlySpan<byte> Digits(ref ReadOnlySpan<byte> rest)
    {
        int length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        ReadOnlySpan<byte> digits = length < 0 ? rest : rest[..length];
        rest = rest[digits.Length..];
        return digits;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> fraction)
    {
        fraction = [];
        if (rest is not [(byte)'.', ..])
        {
            return true;
        }

        rest = rest[1..];
        fraction = Digits(ref rest);
        return !fraction.IsEmpty;
    }

    private static bool TryExponent(ref ReadOnlySpan<byte> rest, out long exponent)
    {
        exponent = 0;
        if (rest is not [(byte)'e' or (byte)'E', ..])
        {
            return true;
        }

        rest = rest[1..];
        bool isNegative = rest is [(byte)'-', ..];
        rest = rest is [(byte)'-' or (byte)'+', ..] ? rest[1..] : rest;
        ReadOnlySpan<byte> digits = Digits(ref rest);
        foreach (byte digit in digits)
        {
            exponent = Math.Min((exponent * 10) + (digit - '0'), ExponentLimit);
        }

        exponent = isNegative ? -exponent : exponent;
        return !digits.IsEmpty;
    }

    /// <summary>The digits × 10^shift (shift counted from the point), rounded half to even; false when that has more than 19 digits.</summary>
    private static bool TryScale(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, long shift, out UInt128 magnitude)
    {
        magnitude = 0;
        // Digits before `kept` are the result's; the one at it and those behind it are rounded away.
        long kept = whole.Length + shift;
        int length = whole.Length + fraction.Length;
        int rest = 0;
        int significant = 0;
        for (int i = 0; i < length; i++)
        {
            int digit = (i < whole.Length ? whole[i] : fraction[i - whole.Length]) - '0';
            if (i >= kept)
            {
                // Twice the rest in units of its first digit, and a little more if anything follows: 10 is a half.
                rest = i == kept ? 2 * digit : rest | (digit == 0 ? 0 : 1);
            }
            else if ((significant > 0 || digit > 0) && ++significant > MostDigits)
            {
                return false;
            }
            else
            {
                magnitude = (magnitude * 10) + (uint)digit;
            }
        }

        magnitude += rest > 10 || (rest == 10 && !UInt128.IsEvenInteger(magnitude)) ? 1u : 0u;
        return TryAppendZeros(kept - length, significant, ref magnitude);
    }

    private static bool TryAppendZeros(long zeros, int significant, ref UInt128 magnitude)
    {
        if (zeros <= 0 || magnitude == 0)
        {
            return true;
        }

        if (significant + zeros > MostDigits)
        {
            return false;
        }

        for (; zeros > 0; zeros--)
        {
            magnitude *= 10;
        }

        return true;
    }

    private static bool TrySign(UInt128 magnitude, bool isNegative, out long value)
    {
        UInt128 most = isNegative ? 1UL << 63 : long.MaxValue;
        bool fits = magnitude <= most;
        value = !fits ? 0 : isNegative ? unchecked((long)(0 - (ulong)magnitude)) : (long)magnitude;
        return fits;
    }

    private static bool IsNotFinite(ReadOnlySpan<byte> rest) =>
        Ascii(rest, "nan"u8) || Ascii(rest, "infinity"u8) || Ascii(rest, "inf"u8);

    private static bool Ascii(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(rest, word);
}
