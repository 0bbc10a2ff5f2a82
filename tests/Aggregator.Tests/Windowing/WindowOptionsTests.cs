using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Tests.Windowing;

public sealed class WindowOptionsTests
{
    public static TheoryData<string, WindowOptions> Wrong => new()
    {
        { "Window '0d': the size is 00:00:00", Timeline.TenSeconds with { Size = TimeSpan.Zero } },
        { "Window '367d': the size is 367.00:00:00", Timeline.TenSeconds with { Size = TimeSpan.FromDays(367) } },
        { "Window '1000ms': the size is 00:00:01.0000001", Timeline.TenSeconds with { Size = TimeSpan.FromTicks(10_000_001) } },
        { "Window '10s+10s': the offset is 00:00:10", Timeline.TenSeconds with { Offset = TimeSpan.FromSeconds(10) } },
        { "Window '10s+-1s': the offset is -00:00:01", Timeline.TenSeconds with { Offset = TimeSpan.FromSeconds(-1) } },
        { "Grace is -00:00:01", Timeline.TenSeconds with { Grace = TimeSpan.FromSeconds(-1) } },
        { "OutOfOrderness is -00:00:01", Timeline.TenSeconds with { OutOfOrderness = TimeSpan.FromSeconds(-1) } },
        { "FutureBound is -00:00:01", Timeline.TenSeconds with { FutureBound = TimeSpan.FromSeconds(-1) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void An_option_without_meaning_is_refused_with_its_key_and_value(string message, WindowOptions options)
    {
        var error = Assert.Throws<ArgumentException>(() => options.Validate());
        Assert.StartsWith(message + "; it must be whole milliseconds", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OneNumber.Engine(options));
    }

    [Fact]
    public void Every_option_is_part_of_the_fingerprint()
    {
        WindowOptions options = Timeline.TenSeconds;
        TimeSpan other = TimeSpan.FromSeconds(7);
        WindowOptions[] changed =
        [
            options, options with { Size = other }, options with { Offset = other }, options with { Grace = other },
            options with { OutOfOrderness = other }, options with { FutureBound = other },
        ];
        Assert.Equal(changed.Length, changed.Select(o => o.Fingerprint).Distinct().Count());
        Assert.Equal("windows=[10s: tumbling size_ms=10000 offset_ms=0] grace_ms=0 out_of_orderness_ms=0 future_bound_ms=31622400000", options.Fingerprint);
    }
}
