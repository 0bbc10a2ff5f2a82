using System.Text;
using Streaming.Contracts;

namespace Streaming.Producer.Scenarios.StoreSales;

/// <summary>
/// Simulates the sales of stores. Pure: all randomness comes from the seed, all time from the arguments; the same calls give the same
/// events. Arrivals are a Poisson process per store, whose rate follows the daily rhythm in the store's local time, constant within
/// each minute. Not safe for use by several threads.
/// </summary>
public sealed class StoreSalesGenerator
{
    /// <summary>Spread of the log-normal amounts: two thirds lie between half and double the median.</summary>
    private const double AmountSigma = 0.65;

    /// <summary>The largest amount as a multiple of the median.</summary>
    private const int LargestMultiple = 50;

    private readonly ProducerOptions _options;
    private readonly IReadOnlyList<StoreProfile> _stores;
    private readonly SaleForm _form;
    private readonly byte[][] _keys;
    private readonly Random _random;

    /// <summary>Sums of the stores' rates up to and with each store, for <see cref="_minute"/>; the last is the total, whose mean over a day is 1.</summary>
    private readonly double[] _cumulativeRates;
    private DateTimeOffset _minute = DateTimeOffset.MinValue;

    /// <summary>A generator at its beginning, for options that have been validated.</summary>
    /// <param name="options">Rates and shares.</param>
    /// <param name="stores">The stores that sell.</param>
    /// <param name="form">How sales are written; JSON when null.</param>
    public StoreSalesGenerator(ProducerOptions options, IReadOnlyList<StoreProfile> stores, SaleForm? form = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stores);
        ArgumentOutOfRangeException.ThrowIfZero(stores.Count);
        _options = options;
        _stores = stores;
        _form = form ?? SaleForm.Json;
        _keys = [.. stores.Select(profile => Encoding.UTF8.GetBytes(profile.Store.StoreId))];
        _cumulativeRates = new double[stores.Count];
#pragma warning disable CA5394 // Simulated sales are to be reproducible, not unpredictable.
        _random = new Random(options.Seed);
#pragma warning restore CA5394
    }

    /// <summary>The endless arrivals after <paramref name="start"/> at <see cref="ProducerOptions.EventsPerSecond"/>, in the order in which they are sent.</summary>
    public IEnumerable<SimulatedSale> From(DateTimeOffset start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.EventsPerSecond, 0);
        var now = start.ToUniversalTime();
        while (true)
        {
            EnterMinute(now);
            var perSecond = _options.EventsPerSecond * _cumulativeRates[^1];
            var next = now + TimeSpan.FromTicks((long)Math.Round(Exponential(perSecond) * TimeSpan.TicksPerSecond));
            var minuteEnd = _minute.AddMinutes(1);
            if (next >= minuteEnd)
            {
                // A Poisson process has no memory: begin anew under the next minute's rate.
                now = minuteEnd;
                continue;
            }

            now = next;
            yield return At(now);
        }
    }

    /// <summary>One record to be sent at <paramref name="now"/>, of a store drawn by the rates at that time.</summary>
    public SimulatedSale At(DateTimeOffset now)
    {
        EnterMinute(now);
        var store = DrawStore();
        var kind = DrawKind();
        var sale = new StoreSale(_stores[store].Store.StoreId, DrawAmount(_stores[store].MedianAmount), (now - DrawDelay(kind)).ToUnixTimeMilliseconds());
        if (kind != SaleKind.Malformed)
        {
            return new SimulatedSale(kind, now, _keys[store], _form.Encode(sale));
        }

        var (key, value) = MalformedSales.Spoil(sale, _form.Malformed[(int)(Uniform() * _form.Malformed.Count)], _form);
        return new SimulatedSale(kind, now, key, value);
    }

    private void EnterMinute(DateTimeOffset now)
    {
        var minute = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        if (minute == _minute)
        {
            return;
        }

        _minute = minute;
        var weights = _stores.Sum(profile => profile.Weight);
        var sum = 0.0;
        for (var i = 0; i < _stores.Count; i++)
        {
            sum += _stores[i].Weight / weights * DailyRhythm.At(_stores[i].LocalTime(minute));
            _cumulativeRates[i] = sum;
        }
    }

    private int DrawStore()
    {
        var drawn = Uniform() * _cumulativeRates[^1];
        var store = 0;
        while (_cumulativeRates[store] <= drawn && store < _cumulativeRates.Length - 1)
        {
            store++;
        }

        return store;
    }

    private SaleKind DrawKind()
    {
        var drawn = Uniform();
        return drawn < _options.MalformedShare ? SaleKind.Malformed
            : drawn < _options.MalformedShare + _options.LateShare ? SaleKind.Late
            : drawn < _options.MalformedShare + _options.LateShare + _options.OutOfOrderShare ? SaleKind.OutOfOrder
            : SaleKind.InOrder;
    }

    private TimeSpan DrawDelay(SaleKind kind) => kind switch
    {
        SaleKind.OutOfOrder => Uniform() * _options.OutOfOrderness,
        SaleKind.Late => _options.LateAtLeast + (Uniform() * (_options.LateAtMost - _options.LateAtLeast)),
        _ => TimeSpan.Zero,
    };

    private int DrawAmount(int median)
    {
        // Box and Muller: two uniform numbers make a normal one.
        var normal = Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
        var amount = median * Math.Exp(AmountSigma * normal);
        return (int)Math.Clamp(Math.Round(amount), 1, (double)median * LargestMultiple);
    }

    private double Exponential(double perSecond) => -Math.Log(1 - Uniform()) / perSecond;

#pragma warning disable CA5394 // Simulated sales are to be reproducible, not unpredictable.
    private double Uniform() => _random.NextDouble();
#pragma warning restore CA5394
}
