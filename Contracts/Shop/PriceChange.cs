namespace Streaming.Contracts.Shop;

/// <summary>One change of a product's price. Money is exact: whole minor units (cents) and a currency.</summary>
/// <param name="ProductId">The product; also the record's key, so that one product's changes stay in order.</param>
/// <param name="PriceMinor">The price from now on, in minor units: 0 to <see cref="MaxPriceMinor"/>.</param>
/// <param name="PreviousMinor">
/// The price until now as the shop's own system knew it when it made the change, in minor units of the same currency; null for a product's first price. It is
/// the sender's word and is not looked up: when a change is lost or comes late, it still says what the customer saw before.
/// </param>
/// <param name="Currency">One of <see cref="ShopCurrencies"/>.</param>
/// <param name="ChangedAt">When it came into force: the event time, in whole milliseconds.</param>
public readonly record struct PriceChange(string ProductId, long PriceMinor, long? PreviousMinor, string Currency, DateTimeOffset ChangedAt)
{
    /// <summary>The highest price that is believed: 100 million major units.</summary>
    public const long MaxPriceMinor = 10_000_000_000;

    /// <summary>The longest product id, in UTF-8 bytes.</summary>
    public const int MaxProductIdBytes = 64;

    /// <summary>The latest event time that is believed, in milliseconds since the Unix epoch: the year 9999.</summary>
    public const long MaxTimestamp = 253_402_300_799_999;

    /// <summary>
    /// The change against the previous price in hundredths of a percent, rounded half to even: from 20.00 to 15.00 it is −2500. Null where there is no previous
    /// price, or it was zero.
    /// </summary>
    public static long? ChangeOf(long priceMinor, long? previousMinor)
    {
        if (previousMinor is not > 0)
        {
            return null;
        }

        // At most 10^14, times two for the rounding: far from the end of a long.
        var (quotient, rest) = Math.DivRem((priceMinor - previousMinor.Value) * 10_000, previousMinor.Value);
        var twice = Math.Abs(rest) * 2;
        var roundsAway = twice > previousMinor.Value || (twice == previousMinor.Value && quotient % 2 != 0);
        return roundsAway ? quotient + Math.Sign(rest) : quotient;
    }
}
