using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Producer.Scenarios.StoreSales;

namespace Streaming.Producer.Tests;

public sealed class StoreSalesGeneratorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_seed_gives_the_same_records()
    {
        var first = Take(new ProducerOptions { Seed = 7 }, 5_000);
        var second = Take(new ProducerOptions { Seed = 7 }, 5_000);

        Assert.Equal(first.Select(Describe), second.Select(Describe));
    }

    [Fact]
    public void Another_seed_gives_other_records() =>
        Assert.NotEqual(Take(new ProducerOptions { Seed = 7 }, 100).Select(Describe), Take(new ProducerOptions { Seed = 8 }, 100).Select(Describe));

    [Fact]
    public void History_is_the_beginning_of_the_same_stream()
    {
        // What is sent for the ten minutes before now and what is sent live come from one call.
        var sales = Take(new ProducerOptions { BackfillMinutes = 10 }, 30_000);

        Assert.True(sales[0].SentAt > Start);
        Assert.InRange(sales.Count(sale => sale.SentAt < Start.AddMinutes(10)), 15_000, 45_000);
        Assert.True(sales.Zip(sales.Skip(1)).All(pair => pair.First.SentAt <= pair.Second.SentAt));
    }

    [Fact]
    public void Shares_are_as_configured()
    {
        const int Count = 100_000;
        var options = new ProducerOptions { OutOfOrderShare = 0.1, LateShare = 0.02, MalformedShare = 0.03 };

        var kinds = Take(options, Count).CountBy(sale => sale.Kind).ToDictionary();

        AssertShare(0.1, kinds[SaleKind.OutOfOrder], Count);
        AssertShare(0.02, kinds[SaleKind.Late], Count);
        AssertShare(0.03, kinds[SaleKind.Malformed], Count);
    }

    [Fact]
    public void Without_shares_every_record_is_a_sale_of_its_moment()
    {
        var options = new ProducerOptions { OutOfOrderShare = 0, LateShare = 0, MalformedShare = 0 };

        Assert.All(Take(options, 10_000), sale =>
        {
            Assert.Equal(SaleKind.InOrder, sale.Kind);
            Assert.Equal(sale.SentAt.ToUnixTimeMilliseconds(), Timestamp(sale));
        });
    }

    [Fact]
    public void Sales_of_one_store_that_are_in_order_have_ascending_event_times()
    {
        var byStore = Take(new ProducerOptions(), 50_000).Where(sale => sale.Kind == SaleKind.InOrder)
            .GroupBy(sale => Encoding.UTF8.GetString(sale.Key));

        Assert.All(byStore, store =>
        {
            var times = store.Select(Timestamp).ToList();
            Assert.Equal(times.Order(), times);
        });
    }

    [Fact]
    public void Delays_stay_within_their_bounds()
    {
        var options = new ProducerOptions { OutOfOrderShare = 0.4, LateShare = 0.4, MalformedShare = 0 };

        Assert.All(Take(options, 20_000), sale =>
        {
            var delay = TimeSpan.FromMilliseconds(sale.SentAt.ToUnixTimeMilliseconds() - Timestamp(sale));
            switch (sale.Kind)
            {
                case SaleKind.OutOfOrder:
                    Assert.InRange(delay, TimeSpan.Zero, options.OutOfOrderness);
                    break;
                case SaleKind.Late:
                    Assert.InRange(delay, options.LateAtLeast, options.LateAtMost);
                    break;
                default:
                    Assert.Equal(TimeSpan.Zero, delay);
                    break;
            }
        });
    }

    [Fact]
    public void Mean_rate_over_a_day_is_as_configured()
    {
        const double PerSecond = 2;
        var expected = PerSecond * TimeSpan.FromDays(1).TotalSeconds;

        var count = new StoreSalesGenerator(new ProducerOptions { EventsPerSecond = PerSecond }, StoreCatalogue.Stores)
            .From(Start).TakeWhile(sale => sale.SentAt < Start.AddDays(1)).Count();

        // A Poisson count scatters by the root of its mean.
        Assert.InRange(count, expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
    }

    [Fact]
    public void Arrivals_within_a_minute_are_a_poisson_process()
    {
        // Gaps are exponential when their standard deviation equals their mean.
        var gaps = new List<double>();
        var previous = Start;
        foreach (var sale in Take(new ProducerOptions { EventsPerSecond = 5_000 }, 100_000))
        {
            gaps.Add((sale.SentAt - previous).TotalSeconds);
            previous = sale.SentAt;
        }

        var mean = gaps.Average();
        var deviation = Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean)));
        Assert.InRange(deviation / mean, 0.98, 1.02);
    }

    [Fact]
    public void A_store_sells_by_its_own_time_of_day()
    {
        var tokyo = StoreCatalogue.Stores.Where(profile => profile.Store.StoreId == "tokyo-1").ToList();
        var options = new ProducerOptions { EventsPerSecond = 20 };
        var evening = new DateTimeOffset(2026, 3, 2, 18, 0, 0, TimeSpan.FromHours(9));
        var night = new DateTimeOffset(2026, 3, 2, 3, 0, 0, TimeSpan.FromHours(9));

        int Hour(DateTimeOffset from) => new StoreSalesGenerator(options, tokyo).From(from).TakeWhile(sale => sale.SentAt < from.AddHours(1)).Count();

        Assert.InRange(Hour(evening), 10 * Hour(night), 20 * Hour(night));
    }

    [Fact]
    public void Amounts_scatter_around_the_store_s_median()
    {
        var options = new ProducerOptions { OutOfOrderShare = 0, LateShare = 0, MalformedShare = 0 };
        var amounts = Take(options, 50_000).Where(sale => Encoding.UTF8.GetString(sale.Key) == "tokyo-1").Select(Amount).Order().ToList();

        Assert.InRange(amounts[amounts.Count / 2], 4_900, 5_500);
        Assert.True(amounts[0] >= 1);
        Assert.True(amounts[^1] <= 50 * 5_200);
    }

    [Fact]
    public void Every_way_to_be_malformed_occurs_and_the_other_records_can_be_taken()
    {
        var records = Take(new ProducerOptions { MalformedShare = 0.2 }, 20_000);

        var verdicts = records.Where(sale => sale.Kind == SaleKind.Malformed)
            .Select(sale => StoreSaleJson.Decode(sale.Key, sale.Value, out _, out _)).Distinct();
        Assert.Superset(
            new HashSet<SaleRejection> { SaleRejection.Malformed, SaleRejection.MissingField, SaleRejection.NegativeAmount, SaleRejection.AbsurdAmount },
            verdicts.ToHashSet());
        Assert.Contains(records, sale => Encoding.UTF8.GetString(sale.Key) == MalformedSales.UnknownStoreId);
        Assert.Contains(records, sale => sale.Kind == SaleKind.Malformed
            && StoreSaleJson.Decode(sale.Key, sale.Value, out _, out var timestamp) == SaleRejection.None
            && timestamp > sale.SentAt.AddDays(300).ToUnixTimeMilliseconds());
        Assert.All(records.Where(sale => sale.Kind != SaleKind.Malformed), sale =>
            Assert.Equal(SaleRejection.None, StoreSaleJson.Decode(sale.Key, sale.Value, out _, out _)));
    }

    [Fact]
    public void The_catalogue_s_stores_can_be_read_back()
    {
        Assert.True(StoreCatalogue.Stores.Count >= 12);
        Assert.Distinct(StoreCatalogue.Stores.Select(profile => profile.Store.StoreId));
        Assert.All(StoreCatalogue.Stores, profile =>
        {
            Assert.Equal(profile.Store, StoreJson.TryDecode(StoreJson.Encode(profile.Store), out var error));
            Assert.Null(error);
        });
    }

    [Fact]
    public void The_rhythm_s_mean_over_a_day_is_one() =>
        Assert.Equal(1, Enumerable.Range(0, 24 * 60).Average(minute => DailyRhythm.At(TimeSpan.FromMinutes(minute))), 6);

    private static List<SimulatedSale> Take(ProducerOptions options, int count) =>
        [.. new StoreSalesGenerator(options, StoreCatalogue.Stores).From(Start).Take(count)];

    private static string Describe(SimulatedSale sale) =>
        $"{sale.Kind} {sale.SentAt:O} {Encoding.UTF8.GetString(sale.Key)} {Encoding.UTF8.GetString(sale.Value)}";

    private static long Timestamp(SimulatedSale sale) => JsonDocument.Parse(sale.Value).RootElement.GetProperty("sale_ts").GetInt64();

    private static int Amount(SimulatedSale sale) => JsonDocument.Parse(sale.Value).RootElement.GetProperty("sale_amount").GetInt32();

    private static void AssertShare(double share, int found, int of)
    {
        var deviation = Math.Sqrt(share * (1 - share) / of);
        Assert.InRange((double)found / of, share - (5 * deviation), share + (5 * deviation));
    }
}
