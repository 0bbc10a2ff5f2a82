namespace Streaming.Contracts.Shop;

/// <summary>
/// The currencies that the shop sells in, by their ISO 4217 codes. All of them have a hundred minor units to the major one, so that a price in minor units
/// always has two decimals; a currency with another number of them (JPY, KWD) needs a scale of its own before it may be entered here.
/// </summary>
public static class ShopCurrencies
{
    /// <summary>Decimals of every price: a price is its minor units × 10^-2.</summary>
    public const int Scale = 2;

    /// <summary>ISO 4217's code for no currency: what stands for the currency of a product that nobody has described.</summary>
    public const string None = "XXX";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = ["CHF", "EUR", "GBP", "USD"];

    /// <summary>Whether the shop sells in it; codes are upper case.</summary>
    public static bool IsKnown(string? code) => code is not null && All.Contains(code);
}
