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

    /// <summary>Avro that breaks off.</summary>
    TruncatedAvro,

    /// <summary>Avro with a schema that no registry has given an id.</summary>
    UnknownSchema,
}

/// <summary>Turns a sale into a malformed record.</summary>
public static class MalformedSales
{
    /// <summary>The store id of <see cref="MalformedSale.UnknownStore"/>.</summary>
    public const string UnknownStoreId = "nowhere-1";

    /// <summary>The schema's id of <see cref="MalformedSale.UnknownSchema"/>: the last that a registry would give.</summary>
    public const int UnknownSchemaId = int.MaxValue;

    private static readonly long YearMs = (long)TimeSpan.FromDays(365).TotalMilliseconds;

    /// <summary>All ways.</summary>
    public static IReadOnlyList<MalformedSale> All { get; } = Enum.GetValues<MalformedSale>();

    /// <summary>
    /// Key and value of <paramref name="sale"/>, spoilt in the given way. The key is the store's except for an unknown store. JSON that is broken, or lacks
    /// a field, comes among Avro too: a topic holds what its producers have sent over the years.
    /// </summary>
    public static (byte[] Key, byte[] Value) Spoil(in StoreSale sale, MalformedSale way, SaleForm form)
    {
        ArgumentNullException.ThrowIfNull(form);
        var storeId = way == MalformedSale.UnknownStore ? UnknownStoreId : sale.StoreId;
        var value = way switch
        {
            MalformedSale.BrokenJson => StoreSaleJson.Encode(sale)[..^7],
            MalformedSale.MissingField => Encoding.UTF8.GetBytes($$"""{"store_id":"{{sale.StoreId}}","sale_ts":{{sale.SaleTs}}}"""),
            MalformedSale.NegativeAmount => form.Encode(sale with { SaleAmount = -sale.SaleAmount }),
            MalformedSale.AbsurdAmount => form.Encode(sale with { SaleAmount = int.MaxValue }),
            MalformedSale.UnknownStore => form.Encode(sale with { StoreId = UnknownStoreId }),
            MalformedSale.FarFuture => form.Encode(sale with { SaleTs = sale.SaleTs + YearMs }),
            MalformedSale.TruncatedAvro => form.Encode(sale)[..^3],
            MalformedSale.UnknownSchema => StoreSaleAvro.Encode(UnknownSchemaId, sale),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "not a way to spoil a sale"),
        };
        return (Encoding.UTF8.GetBytes(storeId), value);
    }
}
