namespace Streaming.Contracts.Shop;

/// <summary>Why a record cannot be taken as a price change.</summary>
/// <param name="Word">The stable word for the dead letter's reason header: lower case, hyphens.</param>
/// <param name="Sentence">The same for a person.</param>
public sealed record PriceProblem(string Word, string Sentence)
{
    public static readonly PriceProblem NoValue = new("no-value", "the record has no value (a tombstone)");

    public static readonly PriceProblem Malformed = new("malformed", "the value is not a JSON object with fields of the right types");

    public static readonly PriceProblem MissingField = new("missing-field", "product_id, price_minor, currency or changed_at is missing");

    public static readonly PriceProblem BadProductId =
        new("bad-product-id", $"product_id is empty, longer than {PriceChange.MaxProductIdBytes} bytes, or holds U+0000, which a database cannot");

    public static readonly PriceProblem NegativePrice = new("negative-price", "price_minor or previous_minor is below zero");

    public static readonly PriceProblem AbsurdPrice = new("absurd-price", $"price_minor or previous_minor is above {PriceChange.MaxPriceMinor}");

    public static readonly PriceProblem UnknownCurrency = new("unknown-currency", $"currency is none of {string.Join(", ", ShopCurrencies.All)}");

    public static readonly PriceProblem BadTimestamp = new("bad-timestamp", "changed_at is before 1970 or after the year 9999");

    public static readonly PriceProblem NoKey = new("no-key", "the record has no key; it should be its product_id");

    public static readonly PriceProblem KeyMismatch = new("key-mismatch", "the record's key is not its product_id, so it is not in its product's partition");

    /// <summary>Of an enriched price: prices in two currencies cannot be compared, so no window takes it.</summary>
    public static readonly PriceProblem ForeignCurrency = new("foreign-currency", "the price is not in the currency that its product is sold in");
}
