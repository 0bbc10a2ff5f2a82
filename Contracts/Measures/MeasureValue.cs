using System.Globalization;

namespace Streaming.Contracts.Measures;

/// <summary>
/// What a measure says of a window. Nothing was measured: <see cref="HasValue"/> is false. Else <see cref="Number"/> is the value as a double, and
/// <see cref="Exact"/> the value itself where it is exact and fits <c>decimal</c> (its digits after the point are the field's scale). A sum of
/// 2^96 = 7.9e28 or more in units of its scale does not fit: it is left with its double alone.
/// </summary>
public readonly record struct MeasureValue
{
    private MeasureValue(decimal? exact, double number)
    {
        HasValue = true;
        Exact = exact;
        Number = number;
    }

    /// <summary>Nothing was measured.</summary>
    public static MeasureValue None => default;

    /// <summary>Whether anything was measured.</summary>
    public bool HasValue { get; }

    /// <summary>The exact value, if there is one.</summary>
    public decimal? Exact { get; }

    /// <summary>The value to a double's precision; 0 when nothing was measured.</summary>
    public double Number { get; }

    internal static MeasureValue OfExact(Int128 scaled, int scale) => FixedPoint.TryToDecimal(scaled, scale, out decimal exact)
        ? new MeasureValue(exact, (double)exact)
        : new MeasureValue(null, (double)scaled / FixedPoint.PowerOf10(scale));

    internal static MeasureValue OfDouble(double number) => new(null, number);

    /// <summary>The value in the invariant culture; empty when nothing was measured.</summary>
    public override string ToString()
    {
        if (!HasValue)
        {
            return "";
        }

        return Exact is { } exact ? exact.ToString(CultureInfo.InvariantCulture) : Number.ToString("R", CultureInfo.InvariantCulture);
    }
}
