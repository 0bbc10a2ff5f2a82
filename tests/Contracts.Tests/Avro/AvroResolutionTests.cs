using System.Text;
using Streaming.Contracts.Avro;

namespace Streaming.Contracts.Tests.Avro;

/// <summary>One table for both: what the rules allow is what the decoder can read.</summary>
public class AvroResolutionTests
{
    private const string Missing = "READER_FIELD_MISSING_DEFAULT_VALUE";

    [Theory]
    [InlineData("\"int\"", "\"long\"", 7, 7L)]
    [InlineData("\"int\"", "\"float\"", 7, 7f)]
    [InlineData("\"int\"", "\"double\"", 7, 7d)]
    [InlineData("\"long\"", "\"float\"", 7L, 7f)]
    [InlineData("\"long\"", "\"double\"", 7L, 7d)]
    [InlineData("\"float\"", "\"double\"", 1.5f, 1.5d)]
    [InlineData("\"int\"", """["null","long"]""", 7, 7L)]
    [InlineData("\"int\"", """["double","int"]""", 7, 7)]
    [InlineData("""["int","long"]""", "\"long\"", 7, 7L)]
    [InlineData("""["null","int"]""", """["double","null"]""", 7, 7d)]
    [InlineData("""["null","int"]""", """["double","null"]""", null, null)]
    public void A_primitive_is_promoted(string writer, string reader, object? written, object? read) => Reads(writer, reader, written, read);

    [Fact]
    public void Texts_and_bytes_are_read_as_each_other()
    {
        Reads("\"string\"", "\"bytes\"", "é", Encoding.UTF8.GetBytes("é"));
        Reads("\"bytes\"", "\"string\"", Encoding.UTF8.GetBytes("é"), "é");
    }

    [Theory]
    [InlineData("\"long\"", "\"int\"", 7L, "TYPE_MISMATCH")]
    [InlineData("\"double\"", "\"float\"", 7d, "TYPE_MISMATCH")]
    [InlineData("\"string\"", "\"int\"", "7", "TYPE_MISMATCH")]
    [InlineData("\"boolean\"", "\"int\"", true, "TYPE_MISMATCH")]
    [InlineData("\"int\"", """{"type":"array","items":"int"}""", 7, "TYPE_MISMATCH")]
    [InlineData("\"string\"", """["null","int"]""", "7", "MISSING_UNION_BRANCH")]
    [InlineData("""["string","int"]""", "\"int\"", "7", "TYPE_MISMATCH")]
    public void A_primitive_that_cannot_be_promoted_is_refused(string writer, string reader, object written, string kind)
    {
        var (from, to) = (AvroSchema.Parse(writer), AvroSchema.Parse(reader));
        Assert.Equal([kind], AvroCompatibility.Check(to, from).Select(problem => problem.Kind));
        Assert.Throws<AvroDataException>(() => new AvroDecoder(from, to).Decode(AvroEncoder.Encode(from, written)));
    }

    [Fact]
    public void Fields_are_found_by_name_and_alias_and_the_rest_comes_from_defaults()
    {
        var from = Record("r", """{"name":"a","type":"int"},{"name":"gone","type":{"type":"array","items":"string"}},{"name":"b","type":"string"}""");
        var to = Record("r", """{"name":"label","aliases":["b"],"type":"string"},{"name":"a","type":"long"},{"name":"channel","type":"string","default":"store"},{"name":"note","type":["null","string"],"default":null}""");
        Assert.Empty(AvroCompatibility.Check(to, from));
        var value = (AvroRecordValue)new AvroDecoder(from, to).Decode(AvroEncoder.Encode(from, new AvroRecordValue(from, [7, new List<object?> { "x" }, "y"])))!;
        Assert.Equal(["y", 7L, "store", null], value.Values);
    }

    [Fact]
    public void A_new_field_without_a_default_is_refused()
    {
        var (from, to) = (Record("r", ""), Record("r", """{"name":"a","type":"int"}"""));
        var problem = Assert.Single(AvroCompatibility.Check(to, from));
        Assert.Equal((Missing, "/fields/a/"), (problem.Kind, problem.Path));
        Assert.Throws<AvroDataException>(() => new AvroDecoder(from, to).Decode([]));
    }

    [Theory]
    [InlineData(CompatibilityLevel.None, true, true)]
    [InlineData(CompatibilityLevel.Backward, true, false)]
    [InlineData(CompatibilityLevel.Forward, false, true)]
    [InlineData(CompatibilityLevel.Full, false, false)]
    public void Levels_say_which_way_must_stay_open(CompatibilityLevel level, bool mayDrop, bool mayAdd)
    {
        var (less, more) = (Record("r", ""), Record("r", """{"name":"a","type":"int"}"""));
        Assert.Equal(mayDrop, AvroCompatibility.Problems(level, old: more, changed: less).Count == 0);
        Assert.Equal(mayAdd, AvroCompatibility.Problems(level, old: less, changed: more).Count == 0);
    }

    [Fact]
    public void A_field_with_a_default_may_come_and_go_at_every_level()
    {
        var (less, more) = (Record("r", ""), Record("r", """{"name":"a","type":"int","default":0}"""));
        Assert.Empty(AvroCompatibility.Problems(CompatibilityLevel.Full, less, more));
        Assert.Empty(AvroCompatibility.Problems(CompatibilityLevel.Full, more, less));
    }

    [Fact]
    public void Records_of_another_name_are_refused_unless_it_is_an_alias()
    {
        Assert.Equal(["NAME_MISMATCH"], AvroCompatibility.Check(Record("a", ""), Record("b", "")).Select(problem => problem.Kind));
        Assert.Empty(AvroCompatibility.Check(AvroSchema.Parse("""{"type":"record","name":"a","aliases":["b"],"fields":[]}"""), Record("b", "")));
        Assert.Empty(AvroCompatibility.Check(Record("x.a", ""), Record("y.a", "")));
    }

    [Fact]
    public void A_symbol_that_the_reader_does_not_know_becomes_its_default()
    {
        var from = AvroSchema.Parse("""{"type":"enum","name":"e","symbols":["A","B","C"]}""");
        var without = AvroSchema.Parse("""{"type":"enum","name":"e","symbols":["C","A"]}""");
        var with = (AvroEnumeration)AvroSchema.Parse("""{"type":"enum","name":"e","symbols":["C","A"],"default":"A"}""");
        Assert.Equal(["MISSING_ENUM_SYMBOLS"], AvroCompatibility.Check(without, from).Select(problem => problem.Kind));
        Assert.Empty(AvroCompatibility.Check(with, from));
        Assert.Equal(new AvroSymbol(with, "C"), new AvroDecoder(from, with).Decode([4]));
        Assert.Equal(new AvroSymbol(with, "A"), new AvroDecoder(from, with).Decode([2]));
        Assert.Throws<AvroDataException>(() => new AvroDecoder(from, without).Decode([2]));
    }

    [Fact]
    public void Fixed_must_keep_their_size()
    {
        var (two, three) = (AvroSchema.Parse("""{"type":"fixed","name":"f","size":2}"""), AvroSchema.Parse("""{"type":"fixed","name":"f","size":3}"""));
        Assert.Equal(["FIXED_SIZE_MISMATCH"], AvroCompatibility.Check(three, two).Select(problem => problem.Kind));
        Assert.Throws<AvroDataException>(() => new AvroDecoder(two, three).Decode([1, 2, 3]));
    }

    [Fact]
    public void Schemas_that_hold_themselves_are_compared_to_an_end()
    {
        var one = Record("r", """{"name":"next","type":["null","r"],"default":null},{"name":"v","type":"int"}""");
        var two = Record("r", """{"name":"next","type":["null","r"],"default":null},{"name":"v","type":"long"}""");
        Assert.Empty(AvroCompatibility.Check(two, one));
        Assert.NotEmpty(AvroCompatibility.Check(one, two));
    }

    private static void Reads(string writer, string reader, object? written, object? read)
    {
        var (from, to) = (AvroSchema.Parse(writer), AvroSchema.Parse(reader));
        Assert.Equal(read, new AvroDecoder(from, to).Decode(AvroEncoder.Encode(from, written)));
        if (from is not AvroUnion)
        {
            Assert.Empty(AvroCompatibility.Check(to, from));
        }
    }

    private static AvroRecord Record(string name, string fields) => (AvroRecord)AvroSchema.Parse($$"""{"type":"record","name":"{{name}}","fields":[{{fields}}]}""");
}
