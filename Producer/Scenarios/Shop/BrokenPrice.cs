using System.Text;
using Streaming.Contracts.Shop;

namespace Streaming.Producer.Scenarios.Shop;

/// <summary>The ways in which a record can be no price change of a described product, as they are seen in the field.</summary>
public enum BrokenPrice
{
    /// <summary>JSON that breaks off.</summary>
    BrokenJson,

    /// <summary>No currency.</summary>
    MissingField,

    /// <summary>A price below zero.</summary>
    NegativePrice,

    /// <summary>A currency that the shop does not sell in.</summary>
    UnknownCurrency,

    /// <summary>A currency that the shop sells in, but not this product.</summary>
    ForeignCurrency,

    /// <summary>An event time a year ahead.</summary>
    FarFuture,

    /// <summary>A good change of a product that nobody has described.</summary>
    UndescribedProduct,
}

/// <summary>Turns a price change into a broken record.</summary>
public static class BrokenPrices
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>All ways.</summary>
    public static IReadOnlyList<BrokenPrice> All { get; } = Enum.GetValues<BrokenPrice>();

    /// <summary>The record's value, spoilt in the given way; an undescribed product's change is good as it is.</summary>
    public static byte[] Spoil(in PriceChange change, BrokenPrice way)
    {
        var currency = change.Currency;
        return way switch
        {
            BrokenPrice.BrokenJson => PriceChangeJson.Encode(change)[..^9],
            BrokenPrice.MissingField => Encoding.UTF8.GetBytes($$"""{"product_id":"{{change.ProductId}}","price_minor":{{change.PriceMinor}},"changed_at":{{change.ChangedAt.ToUnixTimeMilliseconds()}}}"""),
            BrokenPrice.NegativePrice => PriceChangeJson.Encode(change with { PriceMinor = -change.PriceMinor }),
            BrokenPrice.UnknownCurrency => PriceChangeJson.Encode(change with { Currency = "DOUBLOON" }),
            BrokenPrice.ForeignCurrency => PriceChangeJson.Encode(change with { Currency = ShopCurrencies.All.First(other => other != currency) }),
            BrokenPrice.FarFuture => PriceChangeJson.Encode(change with { ChangedAt = change.ChangedAt + Year }),
            BrokenPrice.UndescribedProduct => PriceChangeJson.Encode(change),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "not a way to spoil a price change"),
        };
    }
}
