using System.Globalization;
using Streaming.Contracts.Shop;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Shop;

/// <summary>Prices and their moves as people read them.</summary>
public static class PriceText
{
    /// <summary>A price in minor units: <c>1,249.00</c>.</summary>
    public static string Price(long minor) => Price(minor / 100m);

    /// <summary>A price in major units.</summary>
    public static string Price(decimal price) => price.ToString("#,0.00", CultureInfo.InvariantCulture);

    /// <summary>A change in hundredths of a percent, with its sign and one decimal.</summary>
    public static string Change(long? hundredths) => hundredths is { } change ? Percent(change / 100m) : Figures.Unknown;

    /// <summary>A share such as −0.2, with its sign, in percent with one decimal.</summary>
    public static string Move(double? share) => share is { } move ? Percent((decimal)Math.Clamp(move, -1e9, 1e9) * 100) : Figures.Unknown;

    /// <summary>Percent with their sign and one decimal (two below 1 %): what is not zero never reads as zero unless it is below 0.005 %.</summary>
    public static string Percent(decimal percent)
    {
        var digits = Math.Abs(percent).ToString(Math.Abs(percent) < 1 ? "0.00" : "#,0.0", CultureInfo.InvariantCulture);
        return (percent > 0 ? "+" : percent < 0 ? "−" : "") + digits + " %";
    }

    /// <summary>The direction as a sign that needs no colour.</summary>
    public static string Arrow(double direction) => direction > 0 ? "▲" : direction < 0 ? "▼" : "■";

    /// <summary>The direction in a word, for those who hear the page, and for style classes.</summary>
    public static string Word(double direction) => direction > 0 ? "up" : direction < 0 ? "down" : "unchanged";

    /// <summary>The price in a change.</summary>
    public static string Price(in PriceChange change) => $"{Price(change.PriceMinor)} {change.Currency}";
}
