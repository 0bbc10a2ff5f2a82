using Streaming.Dashboard.Shop;
using static Streaming.Dashboard.Tests.Shop.ShopSamples;

namespace Streaming.Dashboard.Tests.Shop;

public sealed class TickerTests
{
    [Fact]
    public void The_newest_read_comes_first_and_within_it_the_newest_change()
    {
        var ticker = Ticker.Empty.With([Tick(1, second: 1), Tick(2, second: 2)]).With([Tick(4, second: 4), Tick(3, second: 3)]);

        Assert.Equal([4, 3, 2, 1], ticker.Ticks.Select(tick => tick.Place.Offset));
    }

    [Fact]
    public void A_change_that_came_late_stands_where_it_came_and_not_where_it_happened()
    {
        var ticker = Ticker.Empty.With([Tick(1, second: 100), Tick(2, second: 3, late: true), Tick(3, second: 101), Tick(7, second: 99, partition: 1), Tick(8, second: 102, partition: 1)]);

        Assert.Equal([(1, 8L), (0, 3L), (0, 2L), (0, 1L), (1, 7L)], ticker.Ticks.Select(tick => (tick.Place.Partition, tick.Place.Offset)));
    }

    [Fact]
    public void Changes_of_one_partition_stand_in_the_order_of_the_log_whatever_their_times()
    {
        var random = new Random(11);
        var ticks = Enumerable.Range(0, 90).Select(i => Tick(i / 3, random.Next(50), partition: i % 3)).OrderBy(_ => random.Next()).ToList();

        var ticker = Ticker.Empty.With(ticks);

        Assert.Equal(90, ticker.Ticks.Length);
        Assert.All(ticker.Ticks.GroupBy(tick => tick.Place.Partition), partition =>
            Assert.Equal(Enumerable.Range(0, 30).Reverse().Select(i => (long)i), partition.Select(tick => tick.Place.Offset)));
    }

    [Fact]
    public void What_is_read_again_is_not_shown_again()
    {
        var ticker = Ticker.Empty.With([Tick(1), Tick(2), Tick(2)]);

        Assert.Same(ticker, ticker.With([Tick(1), Tick(2)]));
        Assert.Equal([3, 2, 1], ticker.With([Tick(2), Tick(3)]).Ticks.Select(tick => tick.Place.Offset));
    }

    [Fact]
    public void It_holds_no_more_than_its_capacity_and_forgets_the_oldest()
    {
        var ticker = Ticker.Empty;
        for (var read = 0; read < 50; read++)
        {
            ticker = ticker.With(Enumerable.Range(read * 70, 70).Select(i => Tick(i, second: i)));
        }

        Assert.Equal(Enumerable.Range(3400, 100).Reverse().Select(i => (long)i), ticker.Ticks.Select(tick => tick.Place.Offset));
    }

    [Fact]
    public void A_topic_that_was_created_anew_begins_at_its_first_offset()
    {
        var anew = Tick(0) with { Place = new TickPlace(Guid.NewGuid(), 0, 0) };

        Assert.Equal(2, Ticker.Empty.With([Tick(9)]).With([anew]).Ticks.Length);
    }

    [Fact]
    public void A_body_that_is_no_price_is_a_tick_without_one() =>
        Assert.Null(PriceTick.Of(new TickPlace(Samples.Topic, 0, 1), Samples.Noon, "x", "{}"u8, isLate: false).Price);

    [Fact]
    public void Names_are_learned_from_changes_and_a_later_one_counts()
    {
        var labels = ProductLabels.Empty.With([Tick(1, name: "Lamp"), Tick(2, product: "nobody", known: false), Tick(3, name: "Lamp <2>")]);

        Assert.Equal(("Lamp <2>", "Lighting", "EUR"), (labels["lamp"].Name, labels["lamp"].Category, labels["lamp"].Currency));
        Assert.Equal(("nobody", false), (labels["nobody"].Name, labels["nobody"].IsDescribed));
        Assert.Equal(("never-seen", false, ""), (labels["never-seen"].Name, labels["never-seen"].IsDescribed, labels["never-seen"].Currency));
    }

    [Fact]
    public void No_more_names_are_remembered_than_the_bound_and_those_stay_right()
    {
        var labels = ProductLabels.Empty.With(Enumerable.Range(0, ProductLabels.Most + 10).Select(i => Tick(i, product: $"p{i}"))).With([Tick(0, product: "p5", name: "New")]);

        Assert.Equal(ProductLabels.Most, labels.Count);
        Assert.Equal("New", labels["p5"].Name);
    }

    [Theory]
    [InlineData("lamp-2", "lamp-2")]
    [InlineData("desk LAMP", "lamp-1")]
    [InlineData("light", "lamp-1")]
    [InlineData("chair", null)]
    public void A_product_is_found_by_its_id_its_name_or_a_part_of_them(string text, string? id)
    {
        var labels = ProductLabels.Empty.With([Tick(1, product: "lamp-1", name: "Desk lamp"), Tick(2, product: "lamp-2", name: "Floor lamp")]);

        Assert.Equal(id, labels.Find(text, ["lamp-1", "lamp-2"])?.Id);
    }
}
