using System.Text;
using Streaming.Contracts.Formats;

namespace Streaming.Contracts.Tests.Formats;

public sealed class ValueFormatTests
{
    // The bytes are what Kafka's own serializers write (org.apache.kafka.common.serialization): most significant byte first.
    [Theory]
    [InlineData("string", "Zürich", "5ac3bc72696368")]
    [InlineData("string", "", "")]
    [InlineData("int16", "-2", "fffe")]
    [InlineData("int32", "1", "00000001")]
    [InlineData("int32", "-2147483648", "80000000")]
    [InlineData("int64", "1767225600000", "0000019b76daa800")]
    [InlineData("float", "1.5", "3fc00000")]
    [InlineData("float", "NaN", "7fc00000")]
    [InlineData("double", "-0.1", "bfb999999999999a")]
    [InlineData("double", "Infinity", "7ff0000000000000")]
    [InlineData("bool", "true", "01")]
    [InlineData("bool", "false", "00")]
    [InlineData("uuid", "01234567-89ab-cdef-0123-456789abcdef", "30313233343536372d383961622d636465662d303132332d343536373839616263646566")]
    [InlineData("json", "{\"a\": [1, 2.50]}", "7b2261223a205b312c20322e35305d7d")]
    [InlineData("xml", "<a b='1'/>", "3c6120623d2731272f3e")]
    [InlineData("hex", "00ff7f", "00ff7f")]
    [InlineData("base64", "AP9/", "00ff7f")]
    [InlineData("list[int32]", "[1,null,-1]", "0000000001000000010000000300000001ffffffff")]
    [InlineData("list[int64]", "[]", "000000000000000000")]
    [InlineData("list[string]", "[\"a\",null,\"\"]", "01000000030000000161ffffffff00000000")]
    [InlineData("list[bool]", "[true]", "01000000010000000101")]
    [InlineData("list[list[int16]]", "[[7],[]]", "01000000020000000b0000000000000000010007000000090000000000" + "00000000")]
    [InlineData("tuple[string,int32,double]", "[\"k\",7,null]", "000000016b0000000400000007ffffffff")]
    [InlineData("tuple[json,bool]", "[{\"a\":[null]},false]", "0000000c7b2261223a5b6e756c6c5d7d0000000100")]
    public void Text_and_bytes_are_each_other_s(string name, string text, string hex)
    {
        var format = Named(name);

        Assert.Equal(hex, Convert.ToHexStringLower(format.Parse(text)));
        Assert.Equal(text, format.Render(Convert.FromHexString(hex)));
    }

    [Theory]
    [InlineData("int32", "2147483648", "not a whole number in 4 bytes")]
    [InlineData("int32", "1.0", "not a whole number")]
    [InlineData("int32", "", "''")]
    [InlineData("float", "1e39", "not a number of IEEE 754 in 4 bytes")]
    [InlineData("double", "1,5", "not a number")]
    [InlineData("bool", "yes", "neither true nor false")]
    [InlineData("uuid", "42", "no UUID")]
    [InlineData("json", "{\"a\":}", "line 1, byte 6")]
    [InlineData("json", "{} {}", "no JSON")]
    [InlineData("json", "", "no JSON")]
    [InlineData("xml", "<a>", "no XML")]
    [InlineData("xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DTD is prohibited")]
    [InlineData("xml", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "DTD is prohibited")]
    [InlineData("xml", "<?xml version='1.0' encoding='utf-16'?><a/>", "no XML")]
    [InlineData("xml", "<?xml version='1.0' encoding='klingon'?><a/>", "no XML")]
    [InlineData("hex", "0g", "'g' is no hexadecimal digit")]
    [InlineData("hex", "123", "these are 3")]
    [InlineData("base64", "AP9", "no base64")]
    [InlineData("list[int32]", "[1,\"x\"]", "element 1: 'x' is not a whole number")]
    [InlineData("list[int32]", "{}", "no JSON array")]
    [InlineData("list[int32]", "[[1]]", "element 0")]
    [InlineData("list[string]", "[\"\\ud800\"]", "surrogate")]
    [InlineData("tuple[int32,int32]", "[1]", "has 2 elements, this has 1")]
    [InlineData("tuple[int32]", "[1,2]", "one element too many")]
    public void What_is_no_value_is_refused_with_the_reason(string name, string text, string reason)
    {
        Assert.False(Named(name).TryParse(text, out var bytes, out var problem));

        Assert.Null(bytes);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("string", "61ff", "position 1 of 2")]
    [InlineData("int32", "000001", "4 bytes, these are 3")]
    [InlineData("bool", "02", "this is 2")]
    [InlineData("bool", "", "1 byte, these are 0")]
    [InlineData("uuid", "00", "36 characters")]
    [InlineData("json", "7b", "no JSON")]
    [InlineData("json", "22ff22", "position 1")]
    [InlineData("xml", "3c", "no XML")]
    [InlineData("list[int32]", "", "no list[int32]")]
    [InlineData("list[int32]", "01000000010000000100000001", "no list[int32]")]
    [InlineData("list[int32]", "000000000000000001ff", "no list[int32]")]
    [InlineData("list[int32]", "00000000007fffffff", "no list[int32]")]
    [InlineData("list[int32]", "000000000100000005000000017fffffff", "no list[int32]")]
    [InlineData("list[string]", "017fffffff", "no list[string]")]
    [InlineData("list[string]", "01ffffffff", "no list[string]")]
    [InlineData("list[string]", "0100000001fffffffe", "no list[string]")]
    [InlineData("list[string]", "010000000000", "no list[string]")]
    [InlineData("tuple[int32]", "0000000400000001ff", "1 elements of tuple[int32]")]
    [InlineData("tuple[int32]", "0000000100", "element 0")]
    public void Bytes_of_something_else_are_refused_with_the_reason(string name, string hex, string reason)
    {
        Assert.False(Named(name).TryRender(Convert.FromHexString(hex), out var text, out var problem));

        Assert.Null(text);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT32", "int32")]
    [InlineData(" list[ Int64 ] ", "list[int64]")]
    [InlineData("tuple[string,list[tuple[int32,double]],xml]", "tuple[string,list[tuple[int32,double]],xml]")]
    public void Formats_are_found_by_name(string name, string found) => Assert.Equal(found, Named(name).Name);

    [Theory]
    [InlineData("")]
    [InlineData("int")]
    [InlineData("list")]
    [InlineData("list[]")]
    [InlineData("list[int32")]
    [InlineData("list[int32]]")]
    [InlineData("list[int32,int32]")]
    [InlineData("tuple[]")]
    [InlineData("tuple[int32,]")]
    [InlineData("int32[string]")]
    [InlineData("list[list[list[list[list[list[list[list[list[int32]]]]]]]]]")]
    public void Other_names_are_refused_with_those_that_there_are(string name)
    {
        Assert.False(ValueFormat.TryGet(name, out _, out var problem));
        Assert.Contains("int64", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text()
    {
        Assert.False(ValueFormats.String.TryParse("a\ud800b", out _, out var problem));
        Assert.Contains("position 1", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absurdly_nested_name_is_refused() =>
        Assert.False(ValueFormat.TryGet(string.Concat(Enumerable.Repeat("list[", 100_000)), out _, out _));

    [Fact]
    public void Json_deeper_than_readers_take_is_refused()
    {
        Assert.Null(JsonCheck.Problem(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64))));
        Assert.Contains("no JSON", JsonCheck.Problem(Encoding.UTF8.GetBytes(new string('[', 100_000))), StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_xml_is_read_without_descending()
    {
        const int Depth = 20_000;
        var deep = string.Concat(Enumerable.Repeat("<a>", Depth)) + string.Concat(Enumerable.Repeat("</a>", Depth));

        Assert.Null(XmlCheck.Problem(Encoding.UTF8.GetBytes(deep)));
    }

    [Fact]
    public void Xml_in_the_encoding_that_it_names_is_shown_as_text()
    {
        const string Document = "<?xml version=\"1.0\" encoding=\"utf-16\"?><ort>Zürich</ort>";
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Document)];

        Assert.Equal(Document, ValueFormats.Xml.Render(bytes));
    }

    [Fact]
    public void A_message_repeats_no_characters_that_steer_a_terminal_and_not_much_of_what_was_sent()
    {
        Assert.False(ValueFormats.Int32.TryParse("\u001b[31m" + new string('9', 10_000), out _, out var problem));

        Assert.DoesNotContain('\u001b', problem);
        Assert.InRange(problem.Length, 1, 200);
    }

    private static ValueFormat Named(string name) => ValueFormat.TryGet(name, out var format, out var problem) ? format : throw new ArgumentException(problem);
}
