using Streaming.Contracts.Shop;

namespace Streaming.Producer.Scenarios.Shop;

/// <summary>The price of one product as it moves: small steps around its ordinary price, and now and then a sale. All randomness comes from the arguments.</summary>
internal sealed class PriceTag(ProductProfile profile)
{
    /// <summary>Standard deviation of an ordinary step, as a share of the price.</summary>
    private const double StepSigma = 0.018;

    /// <summary>What part of the distance to the ordinary price a step takes back, so that prices stay in its neighbourhood for ever.</summary>
    private const double Pull = 0.12;

    /// <summary>What a sale takes off.</summary>
    public const double SaleOff = 0.20;

    private readonly long _step = profile.PriceMinor >= 100_00 ? 50 : profile.PriceMinor >= 20_00 ? 10 : 5;
    private long? _beforeSale;
    private DateTimeOffset _saleEnds;

    public Product Product => profile.Product;

    public double Weight => profile.Weight;

    /// <summary>The price in force; null before the first one.</summary>
    public long? PriceMinor { get; private set; }

    public bool IsOnSale => _beforeSale is not null;

    /// <summary>The next change at <paramref name="now"/>, which is in force from then on.</summary>
    /// <param name="now">When.</param>
    /// <param name="saleLength">How long a sale lasts that begins now; null when none does.</param>
    /// <param name="normal">A draw from the standard normal distribution.</param>
    public PriceChange Next(DateTimeOffset now, TimeSpan? saleLength, double normal)
    {
        var previous = PriceMinor;
        PriceMinor = previous is not { } price ? profile.PriceMinor : Moved(price, now, saleLength, normal);
        return new PriceChange(Product.ProductId, PriceMinor.Value, previous, Product.Currency, now);
    }

    private long Moved(long price, DateTimeOffset now, TimeSpan? saleLength, double normal)
    {
        if (_beforeSale is { } before)
        {
            if (now < _saleEnds)
            {
                return Stepped(price, price, normal / 4);
            }

            _beforeSale = null;
            return before == price ? price + _step : before;
        }

        if (saleLength is { } length)
        {
            (_beforeSale, _saleEnds) = (price, now + length);
            return Math.Max(_step, Rounded(price * (1 - SaleOff)));
        }

        return Stepped(price, profile.PriceMinor, normal);
    }

    /// <summary>A step that changes the price by at least the smallest coin.</summary>
    private long Stepped(long price, long home, double normal)
    {
        var moved = Rounded(price + ((home - price) * Pull) + (price * StepSigma * Math.Clamp(normal, -3, 3)));
        moved = moved == price ? price + (normal < 0 ? -_step : _step) : moved;
        return moved < _step ? price + _step : moved;
    }

    private long Rounded(double price) => (long)Math.Round(price / _step) * _step;
}
