namespace Streaming.Contracts.Measures;

/// <summary>Why a text is no fixed-point number.</summary>
public enum FixedPointError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It is no JSON number: empty, a sign or point alone, leading zeros, anything else.</summary>
    Malformed,

    /// <summary>It says NaN or Infinity.</summary>
    NotFinite,

    /// <summary>In units of its scale it is beyond <c>long</c>.</summary>
    OutOfRange,
}

/// <summary>
/// Decimal numbers as scaled integers: a number x of scale s is the long x·10^s. Binary floating point is nowhere on the way. Digits beyond the scale are
/// rounded, half to even (12.345 at scale 2 is 1234, 12.355 is 1236), and what is then beyond <c>long</c> is refused, never cut off.
/// </summary>
public static class FixedPoint
{
    private const int DecimalBits = 96;
    private const int MaxDecimalScale = 28;

    private static readonly double[] Powers = [.. Enumerable.Range(0, 19).Select(n => (double)Power(n))];

    /// <summary>
    /// Reads a JSON number (RFC 8259 §6), with fraction and exponent. Takes time in proportion to its length and no memory.
    /// </summary>
    /// <param name="utf8">The number's text, without quotation marks or white space.</param>
    /// <param name="scale">0 to 9.</param>
    /// <param name="value">The number × 10^scale; 0 when there is an error.</param>
    public static FixedPointError Parse(ReadOnlySpan<byte> utf8, int scale, out long value) => FixedPointText.Parse(utf8, scale, out value);

    /// <summary>The decimal as a scaled long, rounded half to even.</summary>
    public static FixedPointError FromDecimal(decimal number, int scale, out long value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)scale, 9u);
        value = 0;
        decimal rounded = decimal.Round(number, scale, MidpointRounding.ToEven);
        // A long at this scale has at most 19 digits, so the comparison itself cannot overflow.
        long power = Power(scale);
        if (rounded < (decimal)long.MinValue / power || rounded > (decimal)long.MaxValue / power)
        {
            return FixedPointError.OutOfRange;
        }

        value = (long)(rounded * power);
        return FixedPointError.None;
    }

    /// <summary>The number that a scaled long stands for, exactly; its digits after the point are the scale.</summary>
    public static decimal ToDecimal(long value, int scale)
    {
        TryToDecimal(value, scale, out decimal number);
        return number;
    }

    /// <summary>False when it is 2^96 or more in units of its scale, beyond what <c>decimal</c> can hold.</summary>
    internal static bool TryToDecimal(Int128 value, int scale, out decimal number)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)scale, (uint)MaxDecimalScale);
        UInt128 magnitude = value < 0 ? unchecked(0 - (UInt128)value) : (UInt128)value;
        number = 0;
        if (magnitude >> DecimalBits != 0)
        {
            return false;
        }

        var low = (ulong)(magnitude & ulong.MaxValue);
        number = new decimal((int)low, (int)(low >> 32), (int)(magnitude >> 64), value < 0, (byte)scale);
        return true;
    }

    /// <summary>10^n, n from 0 to 18: a double exactly.</summary>
    internal static double PowerOf10(int n) => Powers[n];

    private static long Power(int n)
    {
        long power = 1;
        for (int i = 0; i < n; i++)
        {
            power *= 10;
        }

        return power;
    }
}
