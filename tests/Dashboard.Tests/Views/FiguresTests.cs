using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Views;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(99_999, "99,999")]
    [InlineData(123_456, "123 k")]
    [InlineData(1_240_000, "1.24 M")]
    [InlineData(7_000_000_000, "7 bn")]
    public void Large_amounts_are_short(long amount, string text) => Assert.Equal(text, Figures.Compact(amount));

    [Theory]
    [InlineData(12, "12 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(273_600, "3 d 4 h")]
    [InlineData(-4, "0 s")]
    public void Ages_are_in_words(int seconds, string text) => Assert.Equal(text, Figures.Age(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.042, "+4.2 %")]
    [InlineData(-0.31, "−31 %")]
    public void Changes_have_a_sign(double change, string text) => Assert.Equal(text, Figures.Change(change));

    [Fact]
    public void What_is_unknown_is_a_dash_and_never_a_zero() =>
        Assert.Equal(("–", "–", "–", "–"), (Figures.Count((long?)null), Figures.Rate(null), Figures.Age(null), Figures.Mean(null)));

    [Theory]
    [InlineData(5, 1)]
    [InlineData(60, 1)]
    [InlineData(61, 2)]
    [InlineData(24 * 60, 30)]
    [InlineData(31 * 24 * 60, 1440)]
    public void A_past_range_has_at_most_sixty_slots(int minutes, int slotMinutes) =>
        Assert.Equal(slotMinutes, PastSales.SlotFor(TimeSpan.FromMinutes(minutes)).TotalMinutes);

    [Fact]
    public void Times_are_the_viewers_and_an_unknown_zone_is_utc()
    {
        Assert.Equal("13:00–13:01", ViewerClock.Of("Europe/Zurich").Span(Noon, Minute(1), Noon));
        Assert.Equal("20 Nov, 12:00–12:01", ViewerClock.Of("Mars/Olympus").Span(Noon.AddDays(-1), Minute(1).AddDays(-1), Noon));
        Assert.Equal("2025-11-21 12:00–12:01 UTC", ViewerClock.UtcSpan(Noon, Minute(1)));
    }

    [Fact]
    public void Another_year_than_the_current_one_is_shown()
    {
        var past = new DateTimeOffset(2016, 1, 1, 9, 30, 0, TimeSpan.Zero);

        Assert.Equal(("1 Jan 2016, 09:30", "1 Jan 2016", "21 Nov, 12:00"), (Clock.Moment(past), Clock.Day(past), Clock.Moment(Noon)));
        Assert.Equal("1 Jan 2016, 09:30–1 Jan, 09:30", Clock.Span(past, past.AddYears(9), Noon));
    }

    [Theory]
    [InlineData("9999-12-31T23:59", "America/Los_Angeles")]
    [InlineData("9001-01-01T00:00", "UTC")]
    [InlineData("9000-12-31T23:59", "America/Los_Angeles")]
    [InlineData("0001-01-01T00:00", "Asia/Tokyo")]
    [InlineData("1900-01-01T00:00", "Asia/Tokyo")]
    [InlineData("1899-12-31T23:59", "UTC")]
    [InlineData("", "UTC")]
    [InlineData(null, "UTC")]
    public void A_local_time_near_the_ends_of_time_is_none(string? text, string zone) => Assert.Null(ViewerClock.Of(zone).ParseLocal(text));

    [Fact]
    public void A_local_time_of_the_first_and_of_the_last_year_can_be_in_an_address()
    {
        var first = Clock.ParseLocal("1900-01-01T00:00")!.Value;
        var last = Clock.ParseLocal("9000-12-31T23:59")!.Value;

        Assert.Equal(first, ViewState.Parse(new ViewState { From = first, To = first.AddDays(1) }.ToQuery()).From);
        Assert.Equal(last, ViewState.Parse(new ViewState { From = last.AddDays(-1), To = last }.ToQuery()).To);
    }

    [Fact]
    public void A_local_time_that_the_clocks_skipped_counts_as_the_one_an_hour_later() =>
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero), ViewerClock.Of("Europe/Zurich").ParseLocal("2026-03-29T02:30"));
}
