using System.Text;
using FsCheck.Fluent;
using Streaming.Contracts.Avro;
using Streaming.Contracts.Tests.Measures;

namespace Streaming.Contracts.Tests.Avro;

public class SaleProjectionTests
{
    private const string Sale = """{"type":"record","name":"StoreSale","fields":[{0}]}""";

    private static readonly byte[] Key = "zurich-1"u8.ToArray();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sale_of_either_version_is_read(int version)
    {
        var sale = new StoreSale("zurich-1", 1234, 1_767_225_600_123);
        var value = version == 1 ? StoreSaleAvro.Encode(7, sale) : StoreSaleAvro.Encode(7, sale, "online");
        Assert.True(ConfluentWire.TryRead(value, out var id, out var data));
        Assert.Equal(7, id);
        Assert.Equal(SaleRejection.None, new SaleProjection(StoreSaleAvro.Schema(version)).Decode(Key, data, out var amount, out var time));
        Assert.Equal((1234, 1_767_225_600_123), (amount, time));
    }

    [Fact]
    public void The_second_version_may_follow_the_first_at_every_level() =>
        Assert.Empty(AvroCompatibility.Problems(CompatibilityLevel.Full, StoreSaleAvro.First, StoreSaleAvro.Second));

    [Fact]
    public void A_sale_is_read_without_allocating()
    {
        var data = StoreSaleAvro.Encode(7, new StoreSale("zurich-1", 1234, 1_767_225_600_123), "online")[ConfluentWire.HeadLength..];
        var projection = new SaleProjection(StoreSaleAvro.Second);
        projection.Decode(Key, data, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            projection.Decode(Key, data, out _, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("""{"name":"sale_ts","type":"long"},{"name":"x","type":["null","int"]},{"name":"store_id","type":"string"},{"name":"sale_amount","type":"int"}""")]
    [InlineData("""{"name":"sale_ts","type":"int"},{"name":"store_id","type":"bytes"},{"name":"sale_amount","type":"int"},{"name":"m","type":{"type":"map","values":"string"}}""")]
    [InlineData("""{"name":"store_id","type":["string"]},{"name":"sale_amount","type":["int"]},{"name":"sale_ts","type":["long","int"]}""")]
    public void Other_schemas_of_which_a_sale_can_be_made_are_read(string fields)
    {
        var schema = (AvroRecord)AvroSchema.Parse(Sale.Replace("{0}", fields, StringComparison.Ordinal));
        object? Value(AvroField field) => field.Name switch
        {
            "store_id" => field.Schema.Type == AvroType.Bytes ? Key : "zurich-1",
            "sale_amount" => 5,
            "sale_ts" => field.Schema.Type == AvroType.Int ? (object)7 : 7L,
            "m" => new Dictionary<string, object?> { ["a"] = "b" },
            _ => 9,
        };
        var data = AvroEncoder.Encode(schema, new AvroRecordValue(schema, [.. schema.Fields.Select(Value)]));
        Assert.Equal(SaleRejection.None, new SaleProjection(schema).Decode(Key, data, out var amount, out var time));
        Assert.Equal((5, 7L), (amount, time));
    }

    [Theory]
    [InlineData("\"string\"")]
    [InlineData("""{"type":"record","name":"StoreSale","fields":[]}""")]
    [InlineData("""{"type":"record","name":"StoreSale","fields":[{"name":"store_id","type":"string"},{"name":"sale_amount","type":"long"},{"name":"sale_ts","type":"long"}]}""")]
    [InlineData("""{"type":"record","name":"Other","fields":[{"name":"store_id","type":"string"},{"name":"sale_amount","type":"int"},{"name":"sale_ts","type":"long"}]}""")]
    [InlineData("""["null",{"type":"record","name":"StoreSale","fields":[{"name":"store_id","type":"string"},{"name":"sale_amount","type":"int"},{"name":"sale_ts","type":"long"}]}]""")]
    public void Of_other_schemas_no_sale_is_read_and_the_reason_is_told(string schema)
    {
        var projection = new SaleProjection(AvroSchema.Parse(schema));
        Assert.NotNull(projection.Problem);
        Assert.Equal(SaleRejection.UnfitSchema, projection.Decode(Key, [0], out _, out _));
    }

    [Theory]
    [InlineData("", 5, 7, SaleRejection.BadStoreId)]
    [InlineData("a\0", 5, 7, SaleRejection.BadStoreId)]
    [InlineData("zurich-1", -1, 7, SaleRejection.NegativeAmount)]
    [InlineData("zurich-1", int.MaxValue, 7, SaleRejection.AbsurdAmount)]
    [InlineData("zurich-1", 5, -1, SaleRejection.BadTimestamp)]
    [InlineData("zurich-1", 5, long.MaxValue, SaleRejection.BadTimestamp)]
    [InlineData("lima-1", 5, 7, SaleRejection.KeyMismatch)]
    public void What_is_no_acceptable_sale_is_judged_as_JSON_is(string store, int amount, long time, SaleRejection verdict)
    {
        var sale = new StoreSale(store, amount, time);
        Assert.Equal(verdict, Decode(StoreSaleAvro.Encode(1, sale)));
        Assert.Equal(verdict, StoreSaleJson.Decode(Key, StoreSaleJson.Encode(sale), out _, out _));
    }

    [Fact]
    public void A_sale_that_breaks_off_or_goes_on_is_malformed()
    {
        var value = StoreSaleAvro.Encode(1, new StoreSale("zurich-1", 5, 1_767_225_600_123));
        for (var length = ConfluentWire.HeadLength; length < value.Length; length++)
        {
            Assert.Equal(SaleRejection.Malformed, Decode(value[..length]));
        }

        Assert.Equal(SaleRejection.Malformed, Decode([.. value, 0]));
    }

    /// <summary>The quick way and the general one agree on every sale, good or bad.</summary>
    [Fact]
    public void Avro_and_JSON_get_one_verdict() => Claim.Holds(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
    {
        var random = new Random(seed);
        var store = string.Concat(Enumerable.Range(0, random.Next(70)).Select(_ => (char)random.Next(32, 600)));
        var sale = new StoreSale(store, random.Next(int.MinValue, int.MaxValue) >> random.Next(32), random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        var key = random.Next(4) == 0 ? [] : Encoding.UTF8.GetBytes(random.Next(4) == 0 ? "other" : store);
        var expected = StoreSaleJson.Decode(key, StoreSaleJson.Encode(sale), out var amount, out var time);
        ConfluentWire.TryRead(StoreSaleAvro.Encode(1, sale), out _, out var data);
        Assert.Equal(expected, new SaleProjection(StoreSaleAvro.First).Decode(key, data, out var avroAmount, out var avroTime));
        Assert.True(expected != SaleRejection.None || (amount, time) == (avroAmount, avroTime));
    }, tests: 300);

    private static SaleRejection Decode(byte[] value) =>
        new SaleProjection(StoreSaleAvro.First).Decode(Key, value.AsSpan(ConfluentWire.HeadLength), out _, out _);
}
