using Streaming.Cluster.Payloads;

namespace Streaming.Topics.Tests.Payloads;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain text, 100 % – ünïcödé 漢字 😀 👩‍👩‍👧", "plain text, 100 % – ünïcödé 漢字 😀 👩‍👩‍👧")]
    [InlineData("a\nb\tc\r", @"a\nb\tc\r")]
    [InlineData("\u001b[31mred\u001b[0m", @"\u001b[31mred\u001b[0m")]
    [InlineData("\u009b31m", @"\u009b31m")]
    [InlineData("\u007f\0", @"\u007f\u0000")]
    [InlineData("a\u202eb\u2066c\u200fd", @"a\u202eb\u2066c\u200fd")]
    [InlineData("a\u2028b\ufeffc", @"a\u2028b\ufeffc")]
    [InlineData("tag \U000E0041 end", @"tag \U000e0041 end")]
    public void What_a_terminal_would_obey_is_escaped_and_everything_else_stays(string text, string expected) => Assert.Equal(expected, SafeText.OneLine(text));

    [Fact]
    public void Half_a_surrogate_pair_is_escaped() => Assert.Equal(@"a\ud83d-\ude00b", SafeText.OneLine("a\ud83d-\ude00b"));

    [Fact]
    public void Lines_and_tabs_can_stay() => Assert.Equal("a\n\tb\\u001b", SafeText.Lines("a\r\n\tb\u001b"));
}
