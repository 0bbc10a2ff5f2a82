using System.Text;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>What a hostile or broken producer can send.</summary>
public sealed class ExtremeValues
{
    private static readonly long Earliest = new DateTimeOffset(3, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long Latest = new DateTimeOffset(9997, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly WindowOptions Longest = new(
        WindowOptions.Longest, TimeSpan.Zero, WindowOptions.Longest, WindowOptions.Longest, WindowOptions.Longest);

    [Fact]
    public void Event_times_outside_the_supported_years_are_rejected()
    {
        var engine = OneNumber.Engine(Longest);
        foreach (long time in new[] { long.MinValue, Earliest - 1, Latest, long.MaxValue })
        {
            Assert.Equal(Verdict.OutOfRange, engine.Add("a"u8, 1, time, time));
        }

        Assert.Null(engine.WatermarkMs);
        Assert.Equal(new EventCounts(0, 0, 4), engine.TakeChanges().Counts);
    }

    [Fact]
    public void Windows_and_watermarks_at_both_ends_of_the_supported_years_are_instants()
    {
        foreach (long time in new[] { Earliest, Latest - 1 })
        {
            var engine = OneNumber.Engine(Longest);
            Assert.Equal(Verdict.Accepted, engine.Add("a"u8, 1, time, time));
            ChangeSet changes = engine.TakeChanges();
            WindowRow row = Assert.Single(changes.Open);
            Assert.True(changes.Watermark < row.Window.End && row.Window.Start < row.Window.End);
            Assert.Equal(row.Window, Window.Between(row.Window.Start, row.Window.End));
        }
    }

    [Fact]
    public void Any_broker_timestamp_gives_a_verdict()
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        Assert.Equal(Verdict.TooFarAhead(long.MaxValue), engine.Add("a"u8, 1, Latest - 1, long.MinValue));
        Assert.Equal(Verdict.Accepted, engine.Add("a"u8, 1, Earliest, long.MaxValue));
    }

    [Fact]
    public void A_mark_outside_the_supported_years_is_the_callers_mistake()
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Apply(new IdleMark(0, Latest)));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.Apply(new IdleMark(0, Earliest - 1)));
    }

    [Fact]
    public void Sums_beyond_64_bits_are_exact()
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        for (int i = 0; i < 3; i++)
        {
            engine.Add("up"u8, long.MaxValue, 0, 0);
            engine.Add("down"u8, long.MinValue, 0, 0);
        }

        Dictionary<string, BasicMeasures> rows = engine.TakeChanges().Open.ToDictionary(row => row.Key.Text, row => row.Measures);
        Assert.Equal(new BasicMeasures(3, (Int128)long.MaxValue * 3, long.MaxValue, long.MaxValue), rows["up"]);
        Assert.Equal(27670116110564327421m, (decimal)rows["up"].Sum);
        Assert.Equal((Int128)long.MinValue * 3, rows["down"].Sum);
        Assert.Equal(rows["up"].Sum, (Int128)(decimal)rows["up"].Sum);
    }

    [Fact]
    public void Merged_measures_are_those_of_all_values()
    {
        BasicMeasures merged = BasicMeasures.Of(4).With(-2).Merge(BasicMeasures.Of(long.MaxValue).With(7));
        Assert.Equal(new BasicMeasures(4, (Int128)long.MaxValue + 9, -2, long.MaxValue), merged);
    }

    [Fact]
    public void Keys_of_any_length_and_any_bytes_are_kept_apart()
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        byte[] huge = new byte[1 << 20];
        byte[] hugeToo = [.. huge[..^1], 1];
        byte[][] keys = [[], [0], [0, 0], [0xFF], [0xC3, 0x28], huge, hugeToo];
        foreach (byte[] key in keys.Concat(keys))
        {
            engine.Add(key, 1, 0, 0);
        }

        IReadOnlyList<WindowRow> rows = engine.TakeChanges().Open;
        Assert.Equal(keys.Length, rows.Count);
        Assert.All(rows, row => Assert.Equal(2, row.Measures.Count));
    }

    [Fact]
    public void The_key_is_copied_so_the_callers_buffer_may_be_used_again()
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        byte[] buffer = [.. "a"u8];
        engine.Add(buffer, 1, 0, 0);
        buffer[0] = (byte)'b';
        engine.Add(buffer, 1, 0, 0);
        Assert.Equal(["a", "b"], engine.TakeChanges().Open.Select(row => row.Key.Text).Order());
    }

    [Fact]
    public void An_event_whose_key_is_known_in_its_window_allocates_nothing()
    {
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        engine.Add("a"u8, 1, 0, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 9_999; i++)
        {
            engine.Add("a"u8, 1, i, i);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_hundred_thousand_keys_close_in_order()
    {
        const int Keys = 100_000;
        var engine = OneNumber.Engine(Timeline.TenSeconds);
        for (int i = 0; i < 3 * Keys; i++)
        {
            engine.Add(Encoding.UTF8.GetBytes($"store-{i % Keys}"), i, 0, 0);
        }

        engine.Apply(new IdleMark(0, 10_000));
        IReadOnlyList<WindowRow> closed = engine.TakeChanges().Closed;
        Assert.Equal(Keys, closed.Count);
        Assert.Equal(closed.Select(row => row.Key.Text).Order(StringComparer.Ordinal), closed.Select(row => row.Key.Text));
        Assert.Equal(0, engine.OpenWindows);
    }
}
