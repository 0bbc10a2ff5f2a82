namespace Streaming.Contracts;

/// <summary>One sale in a store.</summary>
/// <param name="StoreId">The store; also the record's key, so that one store's sales stay in order.</param>
/// <param name="SaleAmount">The amount in whole units of the store's own currency, 0 to <see cref="MaxAmount"/>.</param>
/// <param name="SaleTs">When it happened, in milliseconds since the Unix epoch: the event time.</param>
public readonly record struct StoreSale(string StoreId, int SaleAmount, long SaleTs)
{
    /// <summary>The largest amount that is believed, in whole units of any currency.</summary>
    public const int MaxAmount = 100_000_000;

    /// <summary>The longest store id, in UTF-8 bytes.</summary>
    public const int MaxStoreIdBytes = 64;

    /// <summary>The latest event time that is believed at all: the year 9999, which .NET and PostgreSQL can both still express.</summary>
    public const long MaxTimestamp = 253_402_300_799_999;
}
