namespace Streaming.Contracts.Tests;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("shopp", "shop")]
    [InlineData("weahter", "weather")]
    [InlineData("SALE", "sales")]
    [InlineData("Iot", "iot")]
    [InlineData("stock", null)]
    [InlineData("", null)]
    public void The_closest_name_is_found_unless_it_is_another_word(string written, string? closest) =>
        Assert.Equal(closest, Spelling.Closest(written, Scenarios.All));
}
