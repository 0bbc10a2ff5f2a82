using System.Text;
using Streaming.Contracts.Avro;

namespace Streaming.Contracts.Tests.Avro;

public class AvroBinaryTests
{
    /// <summary>The specification's own examples.</summary>
    [Theory]
    [InlineData("\"long\"", "00", "0")]
    [InlineData("\"long\"", "01", "-1")]
    [InlineData("\"long\"", "02", "1")]
    [InlineData("\"long\"", "7F", "-64")]
    [InlineData("\"long\"", "8001", "64")]
    [InlineData("\"long\"", "FFFFFFFFFFFFFFFFFF01", "-9223372036854775808")]
    [InlineData("\"string\"", "06666F6F", "\"foo\"")]
    [InlineData("""{"type":"record","name":"test","fields":[{"name":"a","type":"long"},{"name":"b","type":"string"}]}""", "3606666F6F", """{"a":27,"b":"foo"}""")]
    [InlineData("""{"type":"array","items":"long"}""", "04063600", "[3,27]")]
    [InlineData("""{"type":"array","items":"long"}""", "0304063600", "[3,27]")]
    [InlineData("""["null","string"]""", "00", "null")]
    [InlineData("""["null","string"]""", "020261", """{"string":"a"}""")]
    [InlineData("""{"type":"map","values":"int"}""", "02026B0800", """{"k":4}""")]
    [InlineData("\"bytes\"", "0400FF", "\"\\u0000ÿ\"")]
    [InlineData("""{"type":"enum","name":"e","symbols":["A","B"]}""", "02", "\"B\"")]
    [InlineData("\"boolean\"", "01", "true")]
    [InlineData("\"float\"", "0000C07F", "\"NaN\"")]
    [InlineData("\"double\"", "000000000000F0FF", "\"-Infinity\"")]
    [InlineData("\"double\"", "000000000000F83F", "1.5")]
    public void Bytes_are_read_as_the_specification_says(string schema, string data, string json)
    {
        Assert.Equal(json, AvroJson.ToJson(AvroSchema.Parse(schema), Convert.FromHexString(data)));
    }

    [Theory]
    [InlineData("\"long\"", "")]
    [InlineData("\"long\"", "80")]
    [InlineData("\"long\"", "0000")]
    [InlineData("\"long\"", "FFFFFFFFFFFFFFFFFF02")]
    [InlineData("\"long\"", "FFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("\"int\"", "8080808010")]
    [InlineData("\"boolean\"", "02")]
    [InlineData("\"string\"", "01")]
    [InlineData("\"string\"", "FEFFFFFFFFFFFFFFFF01")]
    [InlineData("\"string\"", "02FF")]
    [InlineData("\"float\"", "000000")]
    [InlineData("""["null"]""", "02")]
    [InlineData("""["null"]""", "01")]
    [InlineData("[]", "00")]
    [InlineData("""{"type":"enum","name":"e","symbols":["A"]}""", "02")]
    [InlineData("""{"type":"fixed","name":"f","size":2147483647}""", "00")]
    [InlineData("""{"type":"array","items":"long"}""", "04060")]
    [InlineData("""{"type":"array","items":"long"}""", "FEFFFFFFFFFFFFFFFF01")]
    [InlineData("""{"type":"array","items":"long"}""", "FFFFFFFFFFFFFFFFFF0100")]
    [InlineData("""{"type":"array","items":"null"}""", "FEFFFFFFFFFFFFFFFF0100")]
    [InlineData("""{"type":"array","items":{"type":"fixed","name":"f","size":0}}""", "FEFFFFFFFFFFFFFFFF0100")]
    [InlineData("""{"type":"map","values":"null"}""", "FEFFFFFFFFFFFFFFFF01")]
    public void Bytes_that_are_no_value_are_an_error_and_cost_nothing(string schema, string data)
    {
        var parsed = AvroSchema.Parse(schema);
        var bytes = Convert.FromHexString(data.Length % 2 == 0 ? data : data[..^1]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<AvroDataException>(() => new AvroDecoder(parsed).Decode(bytes));
        Assert.Throws<AvroDataException>(() => AvroJson.ToJson(parsed, bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void Records_that_hold_themselves_are_followed_only_so_deep()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"next","type":["null","r"]}]}""");
        var deep = Enumerable.Repeat((byte)2, 100_000).ToArray();
        Assert.Contains("deeper", Assert.Throws<AvroDataException>(() => new AvroDecoder(schema).Decode(deep)).Message, StringComparison.Ordinal);
        Assert.Throws<AvroDataException>(() => AvroJson.ToJson(schema, deep));
    }

    [Fact]
    public void Records_of_records_without_bytes_end()
    {
        var fields = """{"type":"record","name":"R0","fields":[]}""";
        for (var i = 1; i <= 40; i++)
        {
            fields = $$"""{"type":"record","name":"R{{i}}","fields":[{"name":"a","type":{{fields}}},{"name":"b","type":"R{{i - 1}}"}]}""";
        }

        Assert.Contains("more values", Assert.Throws<AvroDataException>(() => new AvroDecoder(AvroSchema.Parse(fields)).Decode([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_cannot_blow_up_the_JSON()
    {
        var schema = AvroSchema.Parse($$$"""{"type":"array","items":{"type":"record","name":"r","fields":[{"name":"{{{new string('a', 100_000)}}}","type":"boolean"}]}}""");
        byte[] data = [.. Encode(10_000), .. new byte[10_000], 0];
        Assert.Contains("longer than", Assert.Throws<AvroDataException>(() => AvroJson.ToJson(schema, data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wire_format_has_a_zero_and_the_id()
    {
        var schema = AvroSchema.Parse("\"string\"");
        var value = AvroEncoder.EncodeWire(0x01020304, schema, "x");
        Assert.Equal("00010203040278", Convert.ToHexString(value));
        Assert.True(ConfluentWire.TryRead(value, out var id, out var data));
        Assert.Equal(0x01020304, id);
        Assert.Equal("\"x\"", AvroJson.ToJson(schema, data));
        Assert.False(ConfluentWire.TryRead(value.AsSpan(0, 4), out _, out _));
        Assert.False(ConfluentWire.TryRead(Encoding.UTF8.GetBytes("{\"a\":1}"), out _, out _));
    }

    [Fact]
    public void A_value_of_another_schema_is_not_written()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"a","type":["null","int"]}]}""");
        Assert.Throws<AvroDataException>(() => AvroEncoder.Encode(schema, 7));
        Assert.Throws<AvroDataException>(() => AvroEncoder.Encode(schema, new AvroRecordValue((AvroRecord)schema, [7L])));
        Assert.Throws<AvroDataException>(() => AvroEncoder.Encode(AvroSchema.Parse("\"string\""), "\ud800"));
    }

    private static byte[] Encode(long number) => AvroEncoder.Encode(AvroSchema.Parse("\"long\""), number);
}
