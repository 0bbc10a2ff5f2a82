using Streaming.Producer.Import.Events;

namespace Streaming.Producer.Tests.Import;

public sealed class EventTimeTests
{
    [Theory]
    [InlineData("iso", "UTC", "2012-01-01", "2012-01-01T00:00:00.0000000Z")]
    [InlineData("iso", "UTC", "2012-01-01T10:20", "2012-01-01T10:20:00.0000000Z")]
    [InlineData("iso", "UTC", " 2012-01-01 10:20:30 ", "2012-01-01T10:20:30.0000000Z")]
    [InlineData("iso", "UTC", "2012-01-01T10:20:30.1234567z", "2012-01-01T10:20:30.1234567Z")]
    [InlineData("iso", "Europe/Zurich", "2012-07-01T10:20:30.5+01:00", "2012-07-01T09:20:30.5000000Z")]
    [InlineData("iso", "Europe/Zurich", "2012-07-01T10:20:30", "2012-07-01T08:20:30.0000000Z")]
    [InlineData("iso", "Europe/Zurich", "2012-01-01", "2011-12-31T23:00:00.0000000Z")]
    [InlineData("s", "UTC", "1767225600", "2026-01-01T00:00:00.0000000Z")]
    [InlineData("s", "UTC", "1767225600.25", "2026-01-01T00:00:00.2500000Z")]
    [InlineData("s", "UTC", "1.7672256e9", "2026-01-01T00:00:00.0000000Z")]
    [InlineData("ms", "Europe/Zurich", "1767225600001", "2026-01-01T00:00:00.0010000Z")]
    [InlineData("us", "UTC", "-1", "1969-12-31T23:59:59.9999990Z")]
    [InlineData("dd.MM.yyyy HH:mm", "Europe/Zurich", "31.12.2025 23:59", "2025-12-31T22:59:00.0000000Z")]
    [InlineData("MM/dd/yyyy HH:mm zzz", "UTC", "12/31/2025 23:59 +02:00", "2025-12-31T21:59:00.0000000Z")]
    [InlineData("yyyy-MM-dd'T'HH'z'", "UTC", "2025-12-31T23z", "2025-12-31T23:00:00.0000000Z")]
    public void Times_are_read(string format, string zone, string text, string utc)
    {
        Assert.True(Format(format, zone).TryRead(text, out var time, out var problem), problem);
        Assert.Equal(utc, time.UtcDateTime.ToString("O"));
    }

    [Theory]
    [InlineData("iso", "UTC", "")]
    [InlineData("iso", "UTC", "2012-02-30")]
    [InlineData("iso", "UTC", "2012-01-01T24:00")]
    [InlineData("iso", "UTC", "1767225600")]
    [InlineData("iso", "UTC", "01.02.2012")]
    [InlineData("s", "UTC", "2012-01-01")]
    [InlineData("s", "UTC", "1767225600000")]
    [InlineData("ms", "UTC", "NaN")]
    [InlineData("ms", "UTC", "1e400")]
    [InlineData("dd.MM.yyyy", "UTC", "2012-01-01")]
    [InlineData("iso", "Pacific/Kiritimati", "0001-01-01")]
    public void What_is_no_time_is_refused_by_name(string format, string zone, string text)
    {
        Assert.False(Format(format, zone).TryRead(text, out _, out var problem));
        Assert.Contains($"'{text}' is not ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_hour_that_does_not_exist_is_refused_and_one_that_comes_twice_is_the_second()
    {
        var zurich = Format("iso", "Europe/Zurich");

        Assert.False(zurich.TryRead("2025-03-30T02:30", out _, out _));
        Assert.True(zurich.TryRead("2025-10-26T02:30", out var second, out _));
        Assert.Equal(new DateTimeOffset(2025, 10, 26, 1, 30, 0, TimeSpan.Zero), second);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("HH:mm")]
    [InlineData("yyyy")]
    [InlineData("'yyyy")]
    public void A_format_that_is_no_date_is_refused(string name)
    {
        Assert.False(EventTimeFormat.TryGet(name, TimeZoneInfo.Utc, out _, out var problem));
        Assert.Contains("iso, s, ms, us", problem, StringComparison.Ordinal);
    }

    private static EventTimeFormat Format(string name, string zone) =>
        EventTimeFormat.TryGet(name, TimeZoneInfo.FindSystemTimeZoneById(zone), out var format, out var problem) ? format : throw new ArgumentException(problem);
}
