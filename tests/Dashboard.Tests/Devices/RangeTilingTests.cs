using Streaming.Contracts.Windows;
using Streaming.Dashboard.Devices;

namespace Streaming.Dashboard.Tests.Devices;

/// <summary>Whatever the range, the levels and how long each is kept: the pieces are the range, once.</summary>
public sealed class RangeTilingTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1);
    private static readonly long Now = new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public void For_any_range_and_any_retention_the_pieces_tile_the_range_exactly_once()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 3000; i++)
        {
            var levels = RandomLevels(random);
            var end = Now + random.NextInt64(-(long)(400 * Day).TotalMilliseconds, (long)Hour.TotalMilliseconds);
            var range = new Window(end - 1 - (long)Math.Pow(10, random.NextDouble() * 11.5), end);

            AssertTiles(levels, range, RangeTiling.Of(levels, range, Now), $"seed {seed}, run {i}");
        }
    }

    [Fact]
    public void Before_a_level_is_kept_the_coarser_one_takes_its_place_at_a_boundary_of_both()
    {
        var levels = Levels((Minute, 2 * Day), (Hour, 90 * Day), (Day, 3660 * Day));

        var stretches = RangeTiling.Of(levels, new Window(Now - Ms(3 * Day) + Ms(20 * Hour), Now - Ms(2 * Day) + Ms(2 * Hour)), Now);

        Assert.Equal(["1h", "1m"], stretches.Select(stretch => stretch.Level.Windows.Name));
        Assert.Equal(new DateTimeOffset(2026, 3, 12, 16, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), stretches[1].Range.StartMs);
    }

    [Theory]
    [InlineData(60, "1m", 60)]
    [InlineData(24 * 60, "1m", 360)]
    [InlineData(7 * 24 * 60, "1h", 168)]
    [InlineData(30 * 24 * 60, "1h", 360)]
    [InlineData(365 * 24 * 60, "1d", 365)]
    [InlineData(3652 * 24 * 60, "1d", 261)]
    public void Resolution_follows_from_the_range(int minutes, string level, int slots)
    {
        var levels = Levels((Minute, 5000 * Day), (Hour, 5001 * Day), (Day, 5002 * Day));
        var end = Now - (Now % Ms(14 * Day));

        var stretch = Assert.Single(RangeTiling.Of(levels, new Window(end - (minutes * 60_000L), end), Now));

        Assert.Equal((level, slots), (stretch.Level.Windows.Name, stretch.Slots().Count()));
    }

    [Fact]
    public void Without_levels_there_is_nothing() => Assert.Empty(RangeTiling.Of([], new Window(0, 1), Now));

    [Fact]
    public void Before_a_seam_the_stretches_end_there_and_nothing_else_changes()
    {
        var levels = Levels((Minute, 2 * Day), (Hour, 90 * Day));
        var range = new Window(Now - Ms(20 * Hour), Now);
        var whole = RangeTiling.Of(levels, range, Now);
        var seam = whole[^1].SlotOf(Now - Ms(Hour)).StartMs;

        var before = SiteSeam.Before(whole, seam);

        Assert.Equal(whole.SelectMany(s => s.Slots()).Where(slot => slot.EndMs <= seam), before.SelectMany(s => s.Slots()));
        Assert.Empty(SiteSeam.Before(whole, whole[0].Range.StartMs));
        Assert.Equal(whole.ToArray(), SiteSeam.Before(whole, long.MaxValue).ToArray());
    }

    internal static void AssertTiles(IReadOnlyList<RollUpLevel> levels, Window range, IReadOnlyList<Stretch> stretches, string because)
    {
        var slots = stretches.SelectMany(stretch => stretch.Slots().Select(slot => (Slot: slot, stretch.Level))).ToList();
        Assert.True(slots.Count > 0, because);
        // No gap, nothing twice.
        Assert.True(slots.Zip(slots.Skip(1)).All(pair => pair.First.Slot.EndMs == pair.Second.Slot.StartMs), because);
        // The range, widened by less than a window at each end.
        Assert.True(slots[0].Slot.StartMs <= range.StartMs && range.StartMs - slots[0].Slot.StartMs < Ms(slots[0].Level.Windows.Size), because);
        Assert.True(slots[^1].Slot.EndMs >= range.EndMs && slots[^1].Slot.EndMs - range.EndMs < Ms(slots[^1].Level.Windows.Size), because);
        Assert.All(slots, s =>
        {
            // Whole windows of one level, which is still kept there or has nothing coarser.
            var size = Ms(s.Level.Windows.Size);
            Assert.True((s.Slot.StartMs - Ms(s.Level.Windows.Offset)) % size == 0 && (s.Slot.EndMs - s.Slot.StartMs) % size == 0 && s.Slot.StartMs < s.Slot.EndMs, because);
            Assert.True(s.Slot.StartMs >= s.Level.KeptFromMs(Now), because);
        });
        Assert.True(slots.Count <= 2 * RangeTiling.MostSlots + (4 * levels.Count), $"{because}: {slots.Count} slots");
    }

    private static IReadOnlyList<RollUpLevel> RandomLevels(Random random)
    {
        TimeSpan[][] sizes = [[Minute, Hour, Day], [Minute, 5 * Minute, Hour], [Hour], [TimeSpan.FromSeconds(10), Minute, 7 * Minute, Hour, Day], [2 * Hour, 3 * Hour]];
        return Levels([.. sizes[random.Next(sizes.Length)].Select(size => (size, size * Math.Pow(10, random.NextDouble() * 4)))]);
    }

    private static IReadOnlyList<RollUpLevel> Levels(params (TimeSpan Size, TimeSpan Kept)[] levels)
    {
        var windows = levels.Select(level => (Window: (WindowSpec)WindowSpecs.Tumbling(level.Size), level.Kept)).ToList();
        return RollUp.Levels(windows.Select(w => w.Window), windows.ToDictionary(w => w.Window.Name, w => w.Kept));
    }

    private static long Ms(TimeSpan duration) => (long)duration.TotalMilliseconds;
}
