using System.Globalization;
using Streaming.Contracts.Windows;

namespace Streaming.Contracts.Tests.Windows;

public sealed class DayGridTests
{
    [Theory]
    // Summer time begins and ends: 23 and 25 hours.
    [InlineData("Europe/Zurich", "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData("Europe/Zurich", "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    [InlineData("Europe/Zurich", "2026-10-25T22:59:59.999Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    [InlineData("Europe/Zurich", "2026-10-25T23:00Z", "2026-10-25T23:00Z", "2026-10-26T23:00Z")]
    // Offsets of half hours and quarters; Lord Howe's clocks move by half an hour.
    [InlineData("Asia/Kolkata", "2026-05-01T00:00Z", "2026-04-30T18:30Z", "2026-05-01T18:30Z")]
    [InlineData("Asia/Kathmandu", "2026-05-01T18:14:59.999Z", "2026-04-30T18:15Z", "2026-05-01T18:15Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T00:00Z", "2026-04-04T13:00Z", "2026-04-05T13:30Z")]
    // Clocks went from 23:59:59 to 01:00:00: the day began at one o'clock.
    [InlineData("America/Sao_Paulo", "2018-11-04T12:00Z", "2018-11-04T03:00Z", "2018-11-05T02:00Z")]
    // … and back from midnight to 23:00: the former day had 25 hours.
    [InlineData("America/Sao_Paulo", "2018-02-17T12:00Z", "2018-02-17T02:00Z", "2018-02-18T03:00Z")]
    // Clocks went from 00:01 back to 23:01: midnight came twice, and the first one counts.
    [InlineData("America/St_Johns", "2010-11-07T12:00Z", "2010-11-07T02:30Z", "2010-11-08T03:30Z")]
    // Samoa went over the date line: there was no 30 December.
    [InlineData("Pacific/Apia", "2011-12-30T09:59:59.999Z", "2011-12-29T10:00Z", "2011-12-30T10:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30T10:00Z", "2011-12-30T10:00Z", "2011-12-31T10:00Z")]
    [InlineData("UTC", "1969-12-31T23:59:59.999Z", "1969-12-31T00:00Z", "1970-01-01T00:00Z")]
    public void A_day_lasts_from_midnight_to_midnight_of_its_zone(string zone, string time, string start, string end)
    {
        WindowGrid days = WindowGrid.Of(WindowSpecs.Days(zone));
        var expected = Window.Between(Instant(start), Instant(end));
        Assert.Equal(expected, days.SliceOf(Instant(time).ToUnixTimeMilliseconds()));
        Assert.Equal(expected, days.SliceOf(expected.StartMs));
        Assert.Equal(expected, days.SliceOf(expected.EndMs - 1));
        Assert.Equal(expected.EndMs, days.After(expected).StartMs);
    }

    [Fact]
    public void Days_touch_and_show_the_zones_dates_in_every_zone_of_the_machine()
    {
        foreach (TimeZoneInfo zone in TimeZoneInfo.GetSystemTimeZones())
        {
            WindowGrid days = WindowGrid.Of(WindowSpecs.Days(zone.Id));
            Window day = days.SliceOf(Instant("2010-10-20T12:00Z").ToUnixTimeMilliseconds());
            for (int i = 0; i < 40; i++)
            {
                Window next = days.After(day);
                Assert.Equal(day.EndMs, next.StartMs);
                Assert.True(TimeZoneInfo.ConvertTime(day.End, zone).Date > TimeZoneInfo.ConvertTime(day.Start, zone).Date, $"{zone.Id} {day.Start:O}");
                day = next;
            }
        }
    }

    [Fact]
    public void Days_at_both_ends_of_the_supported_years_are_instants()
    {
        foreach (string zone in new[] { "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC" })
        {
            foreach (string time in new[] { "0003-01-01T00:00Z", "9996-12-31T23:59Z" })
            {
                Window day = WindowGrid.Of(WindowSpecs.Days(zone)).SliceOf(Instant(time).ToUnixTimeMilliseconds());
                Assert.Equal(TimeSpan.FromDays(1), day.End - day.Start);
            }
        }
    }

    [Fact]
    public void A_known_day_allocates_nothing()
    {
        WindowGrid days = WindowGrid.Of(WindowSpecs.Days("Europe/Zurich"));
        long time = Instant("2026-10-25T12:00Z").ToUnixTimeMilliseconds();
        days.SliceOf(time);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            days.SliceOf(time + i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
