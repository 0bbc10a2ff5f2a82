using System.Text;

namespace Streaming.Contracts.Tests;

/// <summary>A leading space makes a value the JSON reader's; without it the quick way may take it. The answer must be the same.</summary>
public class PlainSaleTests
{
    private const int Seed = 20260101;

    [Theory]
    [InlineData("s", """{"store_id":"s","sale_amount":0,"sale_ts":0}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":100000000,"sale_ts":253402300799999}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":100000001,"sale_ts":7}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":5,"sale_ts":253402300800000}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":5,"sale_ts":1000000000000000000000}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":05,"sale_ts":7}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":-0,"sale_ts":7}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":5e1,"sale_ts":7}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":5,"sale_ts":7,"sale_ts":8}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":5,"sale_ts":7}}""")]
    [InlineData("s", """{"store_id":"s","sale_amount":,"sale_ts":7}""")]
    [InlineData("s", """{"store_id":"st","sale_amount":5,"sale_ts":7}""")]
    [InlineData("st", """{"store_id":"s","sale_amount":5,"sale_ts":7}""")]
    [InlineData("", """{"store_id":"","sale_amount":5,"sale_ts":7}""")]
    [InlineData("a\"b", """{"store_id":"a"b","sale_amount":5,"sale_ts":7}""")]
    [InlineData("a\\b", """{"store_id":"a\b","sale_amount":5,"sale_ts":7}""")]
    [InlineData("a\nb", "{\"store_id\":\"a\nb\",\"sale_amount\":5,\"sale_ts\":7}")]
    [InlineData("ü", """{"store_id":"ü","sale_amount":5,"sale_ts":7}""")]
    public void The_quick_way_decides_as_the_reader_does(string key, string json) => AssertSame(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json));

    [Fact]
    public void The_longest_store_id_is_read_and_a_longer_one_is_not()
    {
        foreach (var length in new[] { StoreSale.MaxStoreIdBytes, StoreSale.MaxStoreIdBytes + 1 })
        {
            var key = new string('k', length);
            AssertSame(Encoding.UTF8.GetBytes(key), StoreSaleJson.Encode(new StoreSale(key, 5, 7)));
        }
    }

    [Fact]
    public void Sales_with_changed_bytes_are_decided_as_the_reader_does()
    {
        var random = new Random(Seed);
        var good = StoreSaleJson.Encode(new StoreSale("store-1", 1_234, 1_767_225_600_123));
        for (var i = 0; i < 50_000; i++)
        {
            byte[] key = [.. "store-1"u8];
            var value = Change(random, good);
            AssertSame(random.Next(4) == 0 ? Change(random, key) : key, value);
        }
    }

    // Replaces, inserts or removes one to three bytes, mostly by ones that mean something in JSON.
    private static byte[] Change(Random random, byte[] bytes)
    {
        var changed = bytes.ToList();
        for (var n = random.Next(1, 4); n > 0 && changed.Count > 0; n--)
        {
            var at = random.Next(changed.Count);
            var by = random.Next(3) == 0 ? (byte)random.Next(256) : "0129-+.eE{}[]:,\" \\"u8[random.Next(18)];
            switch (random.Next(3))
            {
                case 0:
                    changed[at] = by;
                    break;
                case 1:
                    changed.Insert(at, by);
                    break;
                default:
                    changed.RemoveAt(at);
                    break;
            }
        }

        return [.. changed];
    }

    private static void AssertSame(byte[] key, byte[] value)
    {
        var quick = StoreSaleJson.Decode(key, value, out var amount, out var timestamp);
        var slow = StoreSaleJson.Decode(key, [(byte)' ', .. value], out var slowAmount, out var slowTimestamp);
        var what = $"key {Encoding.UTF8.GetString(key)}, value {Encoding.UTF8.GetString(value)} (seed {Seed})";
        if (value.Length == 0)
        {
            return;
        }

        Assert.True(quick == slow, $"{quick} instead of {slow}: {what}");
        Assert.True(quick != SaleRejection.None || (amount, timestamp) == (slowAmount, slowTimestamp), what);
    }
}
