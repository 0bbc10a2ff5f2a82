using System.Text;
using Streaming.Cluster.Payloads;

namespace Streaming.Topics.Tests.Payloads;

public sealed class PayloadReaderTests
{
    [Theory]
    [InlineData("", PayloadKind.Empty, "")]
    [InlineData("hello", PayloadKind.Text, "hello")]
    [InlineData("{\"a\":1}", PayloadKind.Json, "{\"a\":1}")]
    [InlineData(" [1, 2] ", PayloadKind.Json, " [1, 2] ")]
    [InlineData("{\"a\":", PayloadKind.Text, "{\"a\":")]
    [InlineData("12", PayloadKind.Text, "12")]
    [InlineData("two\nlines\t", PayloadKind.Text, "two\nlines\t")]
    [InlineData("bell\u0007", PayloadKind.Hex, "62656c6c07")]
    public async Task Bytes_are_found_out_from_themselves(string text, PayloadKind kind, string shown)
    {
        var read = await new PayloadReader().ReadAsync(Encoding.UTF8.GetBytes(text), PayloadFormat.Auto, CancellationToken.None);

        Assert.Equal((kind, shown), (read.Kind, read.Text));
    }

    [Fact]
    public async Task No_value_is_told_from_an_empty_one() =>
        Assert.Equal(PayloadKind.Null, (await new PayloadReader().ReadAsync(null, PayloadFormat.Auto, CancellationToken.None)).Kind);

    [Fact]
    public void Text_that_was_cut_within_a_character_is_still_text()
    {
        var bytes = Encoding.UTF8.GetBytes("ab漢字");

        Assert.Equal("ab漢", PayloadReader.Found(bytes.AsSpan(0, bytes.Length - 1), isCut: true).Text);
        Assert.Equal(PayloadKind.Hex, PayloadReader.Found(bytes.AsSpan(0, bytes.Length - 1)).Kind);
    }

    [Fact]
    public void Json_that_was_cut_is_text() => Assert.Equal(PayloadKind.Text, PayloadReader.Found("{\"a\":1}"u8, isCut: true).Kind);

    [Fact]
    public async Task What_is_not_in_the_format_that_was_asked_for_is_shown_as_it_is_with_a_note()
    {
        Assert.True(PayloadFormat.TryGet("int32", out var format, out _));

        var read = await new PayloadReader().ReadAsync("text"u8.ToArray().AsMemory(0, 3), format, CancellationToken.None);

        Assert.Equal((PayloadKind.Text, "tex"), (read.Kind, read.Text));
        Assert.StartsWith("Not int32: ", read.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Avro_without_a_registry_is_hex_with_a_note()
    {
        var read = await new PayloadReader().ReadAsync(new byte[] { 0, 0, 0, 0, 7, 2 }, PayloadFormat.Auto, CancellationToken.None);

        Assert.Equal((PayloadKind.Hex, "000000000702"), (read.Kind, read.Text));
        Assert.Contains("no schema registry", read.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_are_always_read_as_something()
    {
        var random = new Random(20260131);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(0, 40)];
            random.NextBytes(bytes);
            var read = await new PayloadReader().ReadAsync(bytes, PayloadFormat.Auto, CancellationToken.None);
            Assert.DoesNotContain(SafeText.OneLine(read.Text), char.IsControl);
        }
    }
}
