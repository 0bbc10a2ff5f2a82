using System.Text.Json;
using FsCheck.Fluent;
using Streaming.Contracts.Avro;
using Streaming.Contracts.Tests.Measures;

namespace Streaming.Contracts.Tests.Avro;

public class AvroProperties
{
    private static readonly FsCheck.Arbitrary<int> Seeds = Arb.From(Gen.Choose(0, int.MaxValue));

    [Fact]
    public void A_schema_written_and_read_again_is_the_same() => Claim.Holds(Seeds, seed =>
    {
        var schema = AvroSchema.Parse(new RandomAvro(seed).Schema());
        var again = AvroSchema.Parse(schema.ToString());
        Assert.Equal(schema.ToString(), again.ToString());
        Assert.Equal(schema.CanonicalForm(), again.CanonicalForm());
        Assert.Equal(schema.CanonicalForm(), AvroSchema.Parse(schema.CanonicalForm()).CanonicalForm());
    }, tests: 300);

    [Fact]
    public void A_value_written_and_read_again_is_the_same() => Claim.Holds(Seeds, seed =>
    {
        var random = new RandomAvro(seed);
        var schema = AvroSchema.Parse(random.Schema());
        var value = random.Value(schema);
        var data = AvroEncoder.Encode(schema, value);
        Assert.True(AvroValue.AreEqual(value, new AvroDecoder(schema).Decode(data)));
    }, tests: 500);

    [Fact]
    public void Every_value_has_a_JSON() => Claim.Holds(Seeds, seed =>
    {
        var random = new RandomAvro(seed);
        var schema = AvroSchema.Parse(random.Schema());
        using var json = JsonDocument.Parse(AvroJson.ToJson(schema, AvroEncoder.Encode(schema, random.Value(schema))));
    }, tests: 300);

    /// <summary>The rules keep their promise: what is called compatible can be read.</summary>
    [Fact]
    public void A_reader_that_is_called_compatible_reads_every_value() => Claim.Holds(Seeds, seed =>
    {
        var random = new RandomAvro(seed);
        var writer = AvroSchema.Parse(random.Schema());
        var reader = AvroSchema.Parse(random.Changed(writer));
        if (AvroCompatibility.Check(reader, writer).Count > 0)
        {
            return;
        }

        var decoder = new AvroDecoder(writer, reader);
        for (var i = 0; i < 5; i++)
        {
            var data = AvroEncoder.Encode(writer, random.Value(writer));
            try
            {
                AvroEncoder.Encode(reader, decoder.Decode(data));
            }
            catch (AvroDataException e) when (e.Message == "a text is not UTF-8")
            {
                // Bytes may be read as a text by Avro's rules; whether they are one only they can say.
            }
        }
    }, tests: 800);

    [Fact]
    public void Every_schema_reads_what_it_wrote_itself() => Claim.Holds(Seeds, seed =>
    {
        var schema = AvroSchema.Parse(new RandomAvro(seed).Schema());
        Assert.Empty(AvroCompatibility.Problems(CompatibilityLevel.Full, schema, schema));
    });

    [Fact]
    public void Broken_bytes_are_an_error_of_the_data_and_nothing_else() => Claim.Holds(Seeds, seed =>
    {
        var random = new RandomAvro(seed);
        var schema = AvroSchema.Parse(random.Schema());
        var data = AvroEncoder.Encode(schema, random.Value(schema));
        var noise = new Random(seed);
        for (var i = 0; i < 20; i++)
        {
            var broken = data.AsSpan(0, noise.Next(data.Length + 1)).ToArray();
            for (var j = 0; j < broken.Length && j < 3; j++)
            {
                broken[noise.Next(broken.Length)] = (byte)noise.Next(256);
            }

            Try(() => new AvroDecoder(schema).Decode(broken));
            Try(() => AvroJson.ToJson(schema, broken));
        }
    }, tests: 300);

    [Fact]
    public void A_value_that_is_cut_off_is_an_error() => Claim.Holds(Seeds, seed =>
    {
        var random = new RandomAvro(seed);
        var schema = AvroSchema.Parse(random.Schema());
        var data = AvroEncoder.Encode(schema, random.Value(schema));
        for (var length = 0; length < Math.Min(data.Length, 40); length++)
        {
            Assert.Throws<AvroDataException>(() => new AvroDecoder(schema).Decode(data.AsSpan(0, length)));
        }
    });

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (AvroDataException)
        {
            // The only error that there may be.
        }
    }
}
