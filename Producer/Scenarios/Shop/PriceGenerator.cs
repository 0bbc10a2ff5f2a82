using Streaming.Contracts.Shop;

namespace Streaming.Producer.Scenarios.Shop;

/// <summary>
/// Simulates the price changes of a shop. Pure: all randomness comes from the seed, all time from the arguments; the same calls give the same records. Changes
/// are a Poisson process; each names the price before it, so the changes of a product form a chain by event time. What is out of order or late has happened in
/// its place in the chain and is only sent later. Not safe for use by several threads.
/// </summary>
public sealed class PriceGenerator
{
    private readonly ShopOptions _options;
    private readonly PriceTag[] _described;
    private readonly PriceTag[] _undescribed;
    private readonly double[] _cumulativeWeights;
    private readonly Random _random;

    // What is to be sent after newer changes. The number keeps the order of those that are due at one moment.
    private readonly PriorityQueue<SimulatedPrice, (DateTimeOffset SentAt, long Number)> _delayed = new();
    private long _number;

    /// <summary>A generator at its beginning, for options that have been validated.</summary>
    public PriceGenerator(ShopOptions options, IReadOnlyList<ProductProfile> described, IReadOnlyList<ProductProfile> undescribed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(described.Count);
        ArgumentOutOfRangeException.ThrowIfZero(undescribed.Count);
        _options = options;
        _described = [.. described.Select(profile => new PriceTag(profile))];
        _undescribed = [.. undescribed.Select(profile => new PriceTag(profile))];
        _cumulativeWeights = new double[_described.Length];
        var sum = 0.0;
        for (var i = 0; i < _described.Length; i++)
        {
            _cumulativeWeights[i] = sum += _described[i].Weight;
        }

#pragma warning disable CA5394 // Simulated prices are to be reproducible, not unpredictable.
        _random = new Random(options.Seed);
#pragma warning restore CA5394
    }

    /// <summary>The endless records after <paramref name="start"/>, in the order in which they are sent.</summary>
    public IEnumerable<SimulatedPrice> From(DateTimeOffset start)
    {
        var now = start.ToUniversalTime();
        while (true)
        {
            now += TimeSpan.FromTicks((long)Math.Round(Exponential(_options.EventsPerSecond) * TimeSpan.TicksPerSecond));
            while (_delayed.TryPeek(out var due, out _) && due.SentAt <= now)
            {
                yield return _delayed.Dequeue();
            }

            var price = At(now);
            if (price.SentAt == now)
            {
                yield return price;
            }
            else
            {
                _delayed.Enqueue(price, (price.SentAt, _number++));
            }
        }
    }

    private SimulatedPrice At(DateTimeOffset now)
    {
        // Event times are whole milliseconds; what is written is what was meant.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
        var kind = DrawKind();
        if (kind == PriceKind.Broken)
        {
            return Broken(now, at, BrokenPrices.All[(int)(Uniform() * BrokenPrices.All.Count)]);
        }

        var change = Next(DrawProduct(), at);
        return new SimulatedPrice(kind, now + DrawDelay(kind), change, PriceChangeJson.Encode(change));
    }

    /// <summary>A broken record tells of a change that never was: the product's chain goes on as if it had not been sent.</summary>
    private SimulatedPrice Broken(DateTimeOffset now, DateTimeOffset at, BrokenPrice way)
    {
        PriceChange change;
        if (way == BrokenPrice.UndescribedProduct)
        {
            change = Next(_undescribed[(int)(Uniform() * _undescribed.Length)], at);
        }
        else
        {
            var tag = DrawProduct();
            var price = tag.PriceMinor ?? 10_00;
            change = new PriceChange(tag.Product.ProductId, price + 10, price, tag.Product.Currency, at);
        }

        return new SimulatedPrice(PriceKind.Broken, now, change, BrokenPrices.Spoil(change, way));
    }

    private PriceChange Next(PriceTag tag, DateTimeOffset at)
    {
        // Both are drawn whatever becomes of them, so that one option changes no other draw.
        var beginsSale = Uniform() < _options.SaleShare;
        var length = _options.SaleAtLeast + (Uniform() * (_options.SaleAtMost - _options.SaleAtLeast));
        return tag.Next(at, beginsSale ? length : null, Normal());
    }

    private PriceTag DrawProduct()
    {
        var drawn = Uniform() * _cumulativeWeights[^1];
        var at = Array.BinarySearch(_cumulativeWeights, drawn);
        return _described[Math.Min(at < 0 ? ~at : at + 1, _described.Length - 1)];
    }

    private PriceKind DrawKind()
    {
        var drawn = Uniform();
        return drawn < _options.BrokenShare ? PriceKind.Broken
            : drawn < _options.BrokenShare + _options.LateShare ? PriceKind.Late
            : drawn < _options.BrokenShare + _options.LateShare + _options.OutOfOrderShare ? PriceKind.OutOfOrder
            : PriceKind.InOrder;
    }

    private TimeSpan DrawDelay(PriceKind kind) => kind switch
    {
        PriceKind.OutOfOrder => (1 - Uniform()) * _options.OutOfOrderness,
        PriceKind.Late => _options.LateAtLeast + (Uniform() * (_options.LateAtMost - _options.LateAtLeast)),
        _ => TimeSpan.Zero,
    };

    // Box and Muller: two uniform numbers make a normal one.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    private double Exponential(double perSecond) => -Math.Log(1 - Uniform()) / perSecond;

#pragma warning disable CA5394 // Simulated prices are to be reproducible, not unpredictable.
    private double Uniform() => _random.NextDouble();
#pragma warning restore CA5394
}
