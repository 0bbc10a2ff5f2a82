using Streaming.Contracts.Avro;

namespace Streaming.Contracts.Tests.Avro;

public class AvroSchemaTests
{
    /// <summary>Fingerprints as Avro's own test data gives them (share/test/data/schema-tests.txt).</summary>
    [Theory]
    [InlineData("""  "null"  """, "\"null\"", 7195948357588979594)]
    [InlineData("""{"type":"int"}""", "\"int\"", 8247732601305521295)]
    [InlineData("\"string\"", "\"string\"", -8142146995180207161)]
    [InlineData("[ ]", "[]", -1241056759729112623)]
    [InlineData("""["int", {"type":"boolean"}]""", """["int","boolean"]""", 5392556393470105090)]
    [InlineData("""{"fields":[],"type":"record","name":"a.b.foo","namespace":"x.y","doc":"d"}""", """{"name":"a.b.foo","type":"record","fields":[]}""", -4616218487480524110)]
    [InlineData(
        """{"fields":[{"type":"boolean","aliases":[],"name":"f1"},{"order":"descending","name":"f2","doc":"Hello","type":"int"}],"type":"record","name":"foo"}""",
        """{"name":"foo","type":"record","fields":[{"name":"f1","type":"boolean"},{"name":"f2","type":"int"}]}""", -4860222112080293046)]
    [InlineData("""{"namespace":"x.y.z","type":"enum","name":"foo","symbols":["A1","A2"]}""", """{"name":"x.y.z.foo","type":"enum","symbols":["A1","A2"]}""", -4448647247586288245)]
    [InlineData("""{"namespace":"x.y.z","type":"fixed","name":"foo","size":32}""", """{"name":"x.y.z.foo","type":"fixed","size":32}""", -3064184465700546786)]
    [InlineData("""{"values":"string","type":"map"}""", """{"type":"map","values":"string"}""", -8732877298790414990)]
    [InlineData(
        """{"name":"PigValue","type":"record","fields":[{"name":"value","type":["null","int","long","PigValue"]}]}""",
        """{"name":"PigValue","type":"record","fields":[{"name":"value","type":["null","int","long","PigValue"]}]}""", -1759257747318642341)]
    public void The_canonical_form_and_its_fingerprint_are_Avros(string text, string canonical, long fingerprint)
    {
        var schema = AvroSchema.Parse(text);
        Assert.Equal(canonical, schema.CanonicalForm());
        Assert.Equal(fingerprint, unchecked((long)AvroCanonicalForm.Rabin(schema)));
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("null", "a schema is")]
    [InlineData("\"foo\"", "no type 'foo'")]
    [InlineData("{}", "no 'type'")]
    [InlineData("""{"type":7}""", "not a text")]
    [InlineData("""{"type":"record","fields":[]}""", "no name")]
    [InlineData("""{"type":"record","name":"7x","fields":[]}""", "no name of a type")]
    [InlineData("""{"type":"record","name":"int","fields":[]}""", "no name of a type")]
    [InlineData("""{"type":"record","name":"r"}""", "no 'fields'")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}""", "there twice")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a-b","type":"int"}]}""", "no name of a field")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"s"}]}""", "schema.a: there is no type 's'")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"int","default":"1"}]}""", "does not fit")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":["null","int"],"default":1}]}""", "does not fit")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"r","default":{}}]}""", "does not fit")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"bytes","default":"Ā"}]}""", "does not fit")]
    [InlineData("""{"type":"enum","name":"e","symbols":["a","a"]}""", "there twice")]
    [InlineData("""{"type":"enum","name":"e","symbols":["a b"]}""", "no name of a symbol")]
    [InlineData("""{"type":"enum","name":"e","symbols":["a"],"default":"b"}""", "none of the symbols")]
    [InlineData("""{"type":"fixed","name":"f","size":-1}""", "no number of bytes")]
    [InlineData("""["int","int"]""", "in the union twice")]
    [InlineData("""["int",["null"]]""", "directly in a union")]
    [InlineData("""[{"type":"fixed","name":"f","size":1},{"type":"fixed","name":"f","size":1}]""", "defined twice")]
    [InlineData("""{"type":"array"}""", "no 'items'")]
    [InlineData("""{"type":"int","type":"long"}""", "not JSON")]
    public void A_text_that_is_no_schema_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<AvroSchemaException>(() => AvroSchema.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_without_a_namespace_is_one_of_the_enclosing_type()
    {
        var schema = (AvroRecord)AvroSchema.Parse(
            """{"type":"record","name":"r","namespace":"x","fields":[{"name":"a","type":{"type":"fixed","name":"f","size":1}},{"name":"b","type":"f"},{"name":"c","type":"x.f"}]}""");
        Assert.Equal("x.f", ((AvroFixed)schema.Fields[0].Schema).FullName);
        Assert.All(schema.Fields, field => Assert.Same(schema.Fields[0].Schema, field.Schema));
    }

    [Fact]
    public void What_Avro_gives_no_meaning_is_kept()
    {
        const string Text = """{"type":"record","name":"r","doc":"d","fields":[{"name":"t","type":{"type":"long","logicalType":"timestamp-millis"},"default":0,"order":"ignore"}],"owner":{"team":[1,2]},"aliases":["s"]}""";
        Assert.Equal(Text, AvroSchema.Parse(Text).ToString());
    }

    [Fact]
    public void Schemas_that_differ_in_writing_only_have_one_text() => Assert.Equal(
        AvroSchema.Parse("""{"type":"record","name":"x.r","fields":[{"name":"a","type":"int"}]}""").ToString(),
        AvroSchema.Parse(""" { "namespace" : "x", "fields" : [ { "type" : { "type" : "int" }, "name" : "a" } ], "name" : "r", "type" : "record" } """).ToString());

    [Fact]
    public void A_default_that_does_not_fit_is_passed_over_in_a_schema_that_others_accepted()
    {
        var schema = (AvroRecord)AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"a","type":"int","default":"1"}]}""", checksDefaults: false);
        Assert.False(schema.Fields[0].HasDefault);
    }

    [Fact]
    public void Schemas_nested_too_deep_are_refused()
    {
        var text = string.Concat(Enumerable.Repeat("""{"type":"array","items":""", 200)) + "\"int\"" + new string('}', 200);
        Assert.Throws<AvroSchemaException>(() => AvroSchema.Parse(text));
        Assert.Throws<AvroSchemaException>(() => AvroSchema.Parse(new string('[', 100_000)));
        Assert.Throws<AvroSchemaException>(() => AvroSchema.Parse($"\"{new string('a', AvroSchema.MaxTextLength)}\""));
    }

    [Fact]
    public void Nested_defaults_are_made_once_however_often_they_are_used()
    {
        // Each record holds the one before twice: the value would have 2^60 parts.
        var fields = new List<string> { """{"name":"r0","type":{"type":"record","name":"R0","fields":[{"name":"x","type":"int","default":1}]},"default":{}}""" };
        for (var i = 1; i <= 60; i++)
        {
            fields.Add($$$"""{"name":"r{{{i}}}","type":{"type":"record","name":"R{{{i}}}","fields":[{"name":"a","type":"R{{{i - 1}}}","default":{}},{"name":"b","type":"R{{{i - 1}}}","default":{}}]},"default":{}}""");
        }

        var schema = (AvroRecord)AvroSchema.Parse($$"""{"type":"record","name":"All","fields":[{{string.Join(',', fields)}}]}""");
        Assert.All(schema.Fields, field => Assert.True(field.HasDefault));
    }
}
