using Streaming.Contracts.Windows;

namespace Streaming.Contracts.Tests.Windows;

/// <summary>Which level covers which, what may be deleted of one, and from when on it is there.</summary>
public sealed class RollUpTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1);
    private static readonly WindowSpec[] Windows = [WindowSpecs.Tumbling(Day), WindowSpecs.Tumbling(Minute), WindowSpecs.Tumbling(Hour), WindowSpecs.Session(Minute)];

    [Fact]
    public void Levels_are_the_kinds_that_say_how_long_they_are_kept_finest_first_each_covered_by_the_next()
    {
        var levels = RollUp.Levels(Windows, Kept(("1m", 2 * Day), ("1h", 90 * Day), ("1d", 3660 * Day), ("session-1m", Day)));

        Assert.Equal([("1m", "1h"), ("1h", "1d"), ("1d", null)], levels.Select(level => (level.Windows.Name, level.Coarser?.Name)));
        Assert.Empty(RollUp.Levels(Windows, null));
    }

    [Fact]
    public void Level_that_is_kept_no_longer_covers_nothing()
    {
        var levels = RollUp.Levels(Windows, Kept(("1m", 2 * Day), ("1h", Day), ("1d", 2 * Day)));

        Assert.Equal([("1m", null), ("1h", "1d"), ("1d", null)], levels.Select(level => (level.Windows.Name, level.Coarser?.Name)));
    }

    [Fact]
    public void Windows_that_lie_across_the_coarser_ones_are_not_covered()
    {
        WindowSpec[] windows = [WindowSpecs.Tumbling(7 * Minute), WindowSpecs.Tumbling(Minute, TimeSpan.FromSeconds(30)), WindowSpecs.Tumbling(Hour)];

        Assert.All(RollUp.Levels(windows, windows.ToDictionary(w => w.Name, w => w.Name == "1h" ? Day : Hour)), level => Assert.Null(level.Coarser));
    }

    /// <summary>
    /// <code>
    /// hours   [08)[09)[10)[11)[12)         minutes are kept for two hours; now 11:30
    /// rows go before 09:00: the hour of 09:30 is not over with
    /// readers take minutes from 10:00 on, hours before
    /// </code>
    /// </summary>
    [Fact]
    public void Rows_of_one_coarser_window_go_together_and_only_when_it_has_closed()
    {
        var level = RollUp.Levels(Windows, Kept(("1m", 2 * Hour), ("1h", Day)))[0];
        var now = At("11:30");

        Assert.Equal(At("09:00"), level.DeletableBeforeMs(now, closedEndMs: now));
        Assert.Equal(At("08:00"), level.DeletableBeforeMs(now, closedEndMs: At("08:59")));
        Assert.Equal(At("10:00"), level.KeptFromMs(now));
    }

    [Fact]
    public void What_readers_take_from_a_level_is_never_deleted_while_they_read()
    {
        var random = new Random(11);
        foreach (var level in RollUp.Levels(Windows, Kept(("1m", 2 * Hour), ("1h", 3 * Day), ("1d", 9 * Day))).Where(level => level.IsCovered))
        {
            for (var i = 0; i < 1000; i++)
            {
                var now = At("00:00") + random.NextInt64((long)(9 * Day).TotalMilliseconds);
                var later = now + random.NextInt64((long)level.Coarser!.Size.TotalMilliseconds);
                Assert.True(level.DeletableBeforeMs(later, closedEndMs: later) <= level.KeptFromMs(now));
            }
        }
    }

    private static Dictionary<string, TimeSpan> Kept(params (string Name, TimeSpan Kept)[] kept) => kept.ToDictionary(k => k.Name, k => k.Kept);

    private static long At(string time) => DateTimeOffset.Parse($"2026-03-01T{time}Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
