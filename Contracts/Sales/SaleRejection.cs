namespace Streaming.Contracts;

/// <summary>Why a record cannot be taken as a sale. The words (lower case, hyphens) stand in the dead letter's reason header.</summary>
public enum SaleRejection
{
    /// <summary>It can be taken.</summary>
    None,

    /// <summary>The record has no value (a tombstone).</summary>
    NoValue,

    /// <summary>The value is neither a JSON object nor Avro of its schema.</summary>
    Malformed,

    /// <summary>store_id, sale_amount or sale_ts is missing.</summary>
    MissingField,

    /// <summary>A field has another JSON type, or a number does not fit.</summary>
    WrongType,

    /// <summary>store_id is empty, too long, or not text that PostgreSQL can hold.</summary>
    BadStoreId,

    /// <summary>sale_amount is below zero.</summary>
    NegativeAmount,

    /// <summary>sale_amount is above <see cref="StoreSale.MaxAmount"/>.</summary>
    AbsurdAmount,

    /// <summary>sale_ts is before 1970 or after the year 9999.</summary>
    BadTimestamp,

    /// <summary>The record has no key.</summary>
    NoKey,

    /// <summary>The record's key is not its store_id, so its partition is not the store's.</summary>
    KeyMismatch,

    /// <summary>sale_ts is further ahead of the broker's clock than the pipeline's future bound.</summary>
    TooFarAhead,

    /// <summary>The value is Avro with a schema that the registry does not know.</summary>
    UnknownSchema,

    /// <summary>The value is Avro with a schema of which no sale can be read.</summary>
    UnfitSchema,

    /// <summary>The value is Avro, and no schema registry is configured.</summary>
    NoRegistry,
}

/// <summary>The wire form of <see cref="SaleRejection"/>.</summary>
public static class SaleRejections
{
    /// <summary>The stable word for the reason header, such as <c>negative-amount</c>.</summary>
    public static string Word(this SaleRejection rejection) => rejection switch
    {
        SaleRejection.None => "none",
        SaleRejection.NoValue => "no-value",
        SaleRejection.Malformed => "malformed",
        SaleRejection.MissingField => "missing-field",
        SaleRejection.WrongType => "wrong-type",
        SaleRejection.BadStoreId => "bad-store-id",
        SaleRejection.NegativeAmount => "negative-amount",
        SaleRejection.AbsurdAmount => "absurd-amount",
        SaleRejection.BadTimestamp => "bad-timestamp",
        SaleRejection.NoKey => "no-key",
        SaleRejection.KeyMismatch => "key-mismatch",
        SaleRejection.TooFarAhead => "too-far-ahead",
        SaleRejection.UnknownSchema => "unknown-schema",
        SaleRejection.UnfitSchema => "unfit-schema",
        SaleRejection.NoRegistry => "no-registry",
        _ => throw new ArgumentOutOfRangeException(nameof(rejection), rejection, "not a rejection"),
    };

    /// <summary>The same in words for a person.</summary>
    public static string Sentence(this SaleRejection rejection) => rejection switch
    {
        SaleRejection.None => "it can be taken",
        SaleRejection.NoValue => "the record has no value (a tombstone)",
        SaleRejection.Malformed => "the value is neither a JSON object nor Avro of its schema",
        SaleRejection.MissingField => "store_id, sale_amount or sale_ts is missing",
        SaleRejection.WrongType => "a field has another JSON type than it should, or its number does not fit",
        SaleRejection.BadStoreId => $"store_id is empty, longer than {StoreSale.MaxStoreIdBytes} bytes, or holds what a database cannot",
        SaleRejection.NegativeAmount => "sale_amount is below zero",
        SaleRejection.AbsurdAmount => $"sale_amount is above {StoreSale.MaxAmount}",
        SaleRejection.BadTimestamp => "sale_ts is before 1970 or after the year 9999",
        SaleRejection.NoKey => "the record has no key; it should be its store_id",
        SaleRejection.KeyMismatch => "the record's key is not its store_id, so it is not in its store's partition",
        SaleRejection.TooFarAhead => "sale_ts is further ahead of the broker's clock than the pipeline allows",
        SaleRejection.UnknownSchema => "the value is Avro with a schema that the registry does not know",
        SaleRejection.UnfitSchema => "the value is Avro with a schema of which no sale can be read",
        SaleRejection.NoRegistry => "the value is Avro, and no schema registry is configured (ConnectionStrings:schema-registry)",
        _ => throw new ArgumentOutOfRangeException(nameof(rejection), rejection, "not a rejection"),
    };
}
