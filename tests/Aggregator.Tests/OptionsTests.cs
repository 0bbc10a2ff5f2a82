using Xunit;

namespace Streaming.Aggregator.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_valid() => Assert.True(new AggregatorOptionsValidator().Validate(null, new AggregatorOptions()).Succeeded);

    [Fact]
    public void Every_bad_setting_is_named_with_its_value()
    {
        var options = new AggregatorOptions { CheckpointInterval = TimeSpan.Zero, OutboxBound = -3, GroupPrefix = " " };

        var result = new AggregatorOptionsValidator().Validate(null, options);

        Assert.Equal(
            ["Aggregator:GroupPrefix is ' '; it must not hold white space.", "Aggregator:CheckpointInterval is 00:00:00; it must be from 00:00:00.0100000 to 00:01:00.",
                "Aggregator:OutboxBound is -3; it must be at least 1."],
            result.Failures);
    }
}
