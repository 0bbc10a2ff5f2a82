using System.Text;
using Streaming.Contracts;

namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>The ways in which a record can be no sale of a known store, as they are seen in the field.</summary>
public enum MalformedSale
{
    /// <summary>JSON that breaks off.</summary>
    BrokenJson,

    /// <summary>No amount.</summary>
    MissingField,

    /// <summary>An amount below zero.</summary>
    NegativeAmount,

    /// <summary>An amount that nobody pays.</summary>
    AbsurdAmount,

    /// <summary>A store that is in no catalogue.</summary>
    UnknownStore,

    /// <summary>An event time a year ahead.</summary>
    FarFuture,
}

/// <summary>Turns a sale into a malformed record.</summary>
public static class MalformedSales
{
    /// <summary>The store id of <see cref="MalformedSale.UnknownStore"/>.</summary>
    public const string UnknownStoreId = "nowhere-1";

    private static readonly long YearMs = (long)TimeSpan.FromDays(365).TotalMilliseconds;

    /// <summary>All ways.</summary>
    public static IReadOnlyList<MalformedSale> All { get; } = Enum.GetValues<MalformedSale>();

    /// <summary>Key and value of <paramref name="sale"/>, spoilt in the given way. The key is the store's except for an unknown store.</summary>
    public static (byte[] Key, byte[] Value) Spoil(in StoreSale sale, MalformedSale way)
    {
        var storeId = way == MalformedSale.UnknownStore ? UnknownStoreId : sale.StoreId;
        var value = way switch
        {
            MalformedSale.BrokenJson => StoreSaleJson.Encode(sale)[..^7],
            MalformedSale.MissingField => Encoding.UTF8.GetBytes($$"""{"store_id":"{{sale.StoreId}}","sale_ts":{{sale.SaleTs}}}"""),
            MalformedSale.NegativeAmount => StoreSaleJson.Encode(sale with { SaleAmount = -sale.SaleAmount }),
            MalformedSale.AbsurdAmount => StoreSaleJson.Encode(sale with { SaleAmount = int.MaxValue }),
            MalformedSale.UnknownStore => StoreSaleJson.Encode(sale with { StoreId = UnknownStoreId }),
            MalformedSale.FarFuture => StoreSaleJson.Encode(sale with { SaleTs = sale.SaleTs + YearMs }),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "not a way to spoil a sale"),
        };
        return (Encoding.UTF8.GetBytes(storeId), value);
    }
}
