namespace Streaming.Producer.Tests;

public sealed class LibrdkafkaVersionTests
{
    [Fact]
    public void Loaded_library_is_new_enough() => LibrdkafkaVersion.Require();

    [Theory]
    [InlineData(0x02_00_02_ff, "2.0.2")]
    [InlineData(0x02_05_03_ff, "2.5.3")]
    public void Older_library_is_refused_by_name(int version, string text)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => LibrdkafkaVersion.Require(version, text));
        Assert.Contains(text, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x02_06_00_ff)]
    [InlineData(0x02_0f_01_ff)]
    public void Library_with_every_function_passes(int version) => LibrdkafkaVersion.Require(version, "");
}
