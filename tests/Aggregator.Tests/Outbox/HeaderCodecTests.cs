using Confluent.Kafka;
using Streaming.Aggregator.Outbox;
using Xunit;

namespace Streaming.Aggregator.Tests.Outbox;

public sealed class HeaderCodecTests
{
    [Fact]
    public void Headers_come_back_in_order_with_repeated_names_empty_and_null_values()
    {
        Headers headers = [new("a", [1, 2]), new("ü", []), new("a", null)];

        var decoded = HeaderCodec.Decode(HeaderCodec.Encode(headers));

        Assert.Equal([("a", "0102"), ("ü", ""), ("a", null)],
            decoded.Select(h => (h.Key, h.GetValueBytes() is { } bytes ? Convert.ToHexString(bytes) : null)));
    }

    [Fact]
    public void A_name_of_a_hundred_thousand_bytes_comes_back()
    {
        var name = new string('n', 100_000);

        Assert.Equal(name, HeaderCodec.Decode(HeaderCodec.Encode([new(name, [1])]))[0].Key);
    }

    [Fact]
    public void No_headers_are_null() => Assert.Null(HeaderCodec.Encode([]));

    [Theory]
    [InlineData("00")]
    [InlineData("00000005AA")]
    [InlineData("0000000161000000FF")]
    [InlineData("0000000161FFFFFFFE")]
    [InlineData("FFFFFFFF61")]
    public void Damaged_bytes_are_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => HeaderCodec.Decode(Convert.FromHexString(hex)));
}
