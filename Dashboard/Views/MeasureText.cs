using System.Globalization;
using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Views;

/// <summary>Measures and their values as people read them.</summary>
public static class MeasureText
{
    /// <summary>Beyond it a number is written with an exponent.</summary>
    private const double Longest = 1e15;

    /// <summary>What a heading says: <c>Events</c>, <c>Amount p95</c>, <c>Distinct store</c>.</summary>
    public static string Label(MeasurePlan plan, MeasureSpec measure)
    {
        if (measure is { Kind: MeasureKind.Count, Field: < 0 })
        {
            return "Events";
        }

        var field = plan.Fields[measure.Field].Name.Replace('_', ' ');
        return measure.Kind switch
        {
            MeasureKind.Distinct => $"Distinct {field}",
            MeasureKind.First => $"First {field}",
            MeasureKind.Last => $"Last {field}",
            MeasureKind.Count => $"{Capital(field)} values",
            MeasureKind.Quantile => $"{Capital(field)} p{(measure.Quantile * 100).ToString("0.###", CultureInfo.InvariantCulture)}",
            _ => $"{Capital(field)} {measure.Kind.ToString().ToLowerInvariant()}",
        };
    }

    /// <summary>The unit of its values; empty where there is none.</summary>
    public static string Unit(MeasurePlan plan, MeasureSpec measure) => measure.Kind switch
    {
        MeasureKind.Count or MeasureKind.Distinct => "",
        MeasureKind.Variance => plan.Fields[measure.Field].Unit is { } unit ? unit + "²" : "",
        _ => plan.Fields[measure.Field].Unit ?? "",
    };

    /// <summary>What its numbers are and how exact, in a sentence.</summary>
    public static string Exactness(MeasureSpec measure) => measure.Kind switch
    {
        MeasureKind.Quantile => "An estimate: off by at most 1 % of the value.",
        MeasureKind.Distinct => "Exact up to 256; beyond that an estimate with a standard error of 1.6 %.",
        MeasureKind.Mean or MeasureKind.Variance => "From exact sums, rounded once.",
        _ => "Exact.",
    };

    /// <summary>Whether the values of several keys add up to something that means something.</summary>
    public static bool IsAdditive(MeasureSpec measure) => measure.Kind is MeasureKind.Count or MeasureKind.Sum;

    /// <summary>A value with the digits that its field has, without its unit.</summary>
    public static string Value(MeasurePlan plan, MeasureSpec measure, MeasureValue value)
    {
        if (!value.HasValue)
        {
            return Figures.Unknown;
        }

        return value.Exact is { } exact ? Number(exact, ScaleOf(plan, measure)) : Number(value.Number, DigitsOf(plan, measure));
    }

    /// <summary>A number of the measure that was computed from values, such as a sum over keys.</summary>
    public static string Value(MeasurePlan plan, MeasureSpec measure, double value) => Number(value, DigitsOf(plan, measure));

    /// <summary>For an axis: four characters or so.</summary>
    public static string Axis(double value)
    {
        var magnitude = Math.Abs(value);
        if (magnitude >= Longest)
        {
            return value.ToString("0.#e0", CultureInfo.InvariantCulture);
        }

        var sign = value < 0 ? "−" : "";
        return sign + (magnitude is > 0 and < 10 && magnitude != Math.Floor(magnitude) ? magnitude.ToString("0.##", CultureInfo.InvariantCulture) : Figures.Compact((decimal)magnitude));
    }

    private static int ScaleOf(MeasurePlan plan, MeasureSpec measure) => measure.Kind is MeasureKind.Count or MeasureKind.Distinct ? 0 : plan.Fields[measure.Field].Scale;

    /// <summary>A mean has two digits more than what it is the mean of, up to two; an estimate has no more than its field.</summary>
    private static int DigitsOf(MeasurePlan plan, MeasureSpec measure) => measure.Kind is MeasureKind.Mean or MeasureKind.Variance
        ? Math.Max(ScaleOf(plan, measure), 2)
        : ScaleOf(plan, measure);

    private static string Number(decimal value, int digits) => (value < 0 ? "−" : "") + Math.Abs(value).ToString(Format(digits), CultureInfo.InvariantCulture);

    private static string Number(double value, int digits) => Math.Abs(value) >= Longest || !double.IsFinite(value)
        ? value.ToString("0.###e0", CultureInfo.InvariantCulture)
        : Number((decimal)value, digits);

    private static string Format(int digits) => digits == 0 ? "#,0" : "#,0." + new string('0', digits);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
