using Streaming.Contracts.Formats;

namespace Streaming.Contracts.Tests.Formats;

public sealed class KeyValueFormatTests
{
    private static readonly KeyValueFormat Pair = new(ValueFormats.String, ValueFormats.Int32, "::");

    [Fact]
    public void The_first_separator_divides_key_and_value()
    {
        var pair = new KeyValueFormat(ValueFormats.String, ValueFormats.Json, ":");

        Assert.True(pair.TryParse("zurich:{\"a\":1}", out var key, out var value, out _));

        Assert.Equal(("zurich", "{\"a\":1}"), (ValueFormats.String.Render(key), ValueFormats.Json.Render(value)));
        Assert.True(pair.TryRender(key, value, out var line, out _));
        Assert.Equal("zurich:{\"a\":1}", line);
    }

    [Theory]
    [InlineData("a", "there is no '::'")]
    [InlineData("a::b", "the value: 'b' is not a whole number")]
    public void A_line_that_is_no_pair_is_refused_with_the_part_that_is_wrong(string line, string reason)
    {
        Assert.False(Pair.TryParse(line, out _, out _, out var problem));
        Assert.StartsWith(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_no_key_is_named_as_such()
    {
        Assert.False(new KeyValueFormat(ValueFormats.Int32, ValueFormats.Json, "\t").TryParse("x\t{}", out _, out _, out var problem));
        Assert.StartsWith("the key: 'x' is not a whole number", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a::b")]
    [InlineData("a:")]
    public void A_key_that_would_be_read_back_as_another_is_not_written(string key)
    {
        Assert.False(Pair.TryRender(ValueFormats.String.Parse(key), ValueFormats.Int32.Parse("1"), out _, out var problem));
        Assert.Contains("separator", problem, StringComparison.Ordinal);
    }
}
