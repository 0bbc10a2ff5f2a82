using System.Text;
using Streaming.Contracts;

namespace Streaming.Contracts.Tests;

public class StoreSaleJsonTests
{
    [Fact]
    public void A_sale_comes_back_as_it_was_written()
    {
        var sale = new StoreSale("zürich-1", 1234, 1_767_225_600_123);

        var rejection = StoreSaleJson.Decode(Encoding.UTF8.GetBytes(sale.StoreId), StoreSaleJson.Encode(sale), out var amount, out var timestamp);

        Assert.Equal((SaleRejection.None, 1234, 1_767_225_600_123), (rejection, amount, timestamp));
    }

    [Theory]
    [InlineData("""{"sale_ts":7,"sale_amount":5,"store_id":"s"}""")]
    [InlineData("""{"store_id":"s","sale_amount":5,"sale_ts":7,"note":{"store_id":"t","deep":[1,{"a":2}]}}""")]
    [InlineData("""{"store_id":"\u0073","sale_amount":5,"sale_ts":7}""")]
    [InlineData("""{"store_id":"t","store_id":"s","sale_amount":5,"sale_ts":7}""")]
    [InlineData(" {\n \"store_id\" : \"s\" , \"sale_amount\":5,\"sale_ts\":7} \n")]
    public void Field_order_unknown_fields_and_white_space_do_not_matter(string json) =>
        Assert.Equal((SaleRejection.None, 5, 7L), Decode("s", json));

    [Theory]
    [InlineData("", SaleRejection.NoValue)]
    [InlineData("{", SaleRejection.Malformed)]
    [InlineData("[]", SaleRejection.Malformed)]
    [InlineData("null", SaleRejection.Malformed)]
    [InlineData("not json", SaleRejection.Malformed)]
    [InlineData("""{"store_id":"s","sale_amount":5,"sale_ts":7}x""", SaleRejection.Malformed)]
    [InlineData("""{"s\ud800":1,"store_id":"s","sale_amount":5,"sale_ts":7}""", SaleRejection.Malformed)]
    [InlineData("""{"sale_amount":5,"sale_ts":7}""", SaleRejection.MissingField)]
    [InlineData("""{"store_id":"s","sale_ts":7}""", SaleRejection.MissingField)]
    [InlineData("""{"store_id":"s","sale_amount":5}""", SaleRejection.MissingField)]
    [InlineData("""{"store_id":1,"sale_amount":5,"sale_ts":7}""", SaleRejection.WrongType)]
    [InlineData("""{"store_id":{},"sale_amount":5,"sale_ts":7}""", SaleRejection.WrongType)]
    [InlineData("""{"store_id":"s","sale_amount":5.5,"sale_ts":7}""", SaleRejection.WrongType)]
    [InlineData("""{"store_id":"s","sale_amount":"5","sale_ts":7}""", SaleRejection.WrongType)]
    [InlineData("""{"store_id":"s","sale_amount":99999999999999999999,"sale_ts":7}""", SaleRejection.WrongType)]
    [InlineData("""{"store_id":"s","sale_amount":[5],"sale_ts":7}""", SaleRejection.WrongType)]
    [InlineData("""{"store_id":"","sale_amount":5,"sale_ts":7}""", SaleRejection.BadStoreId)]
    [InlineData("""{"store_id":"s\u0000","sale_amount":5,"sale_ts":7}""", SaleRejection.BadStoreId)]
    [InlineData("""{"store_id":"\ud800","sale_amount":5,"sale_ts":7}""", SaleRejection.BadStoreId)]
    [InlineData("""{"store_id":"s","sale_amount":-1,"sale_ts":7}""", SaleRejection.NegativeAmount)]
    [InlineData("""{"store_id":"s","sale_amount":100000001,"sale_ts":7}""", SaleRejection.AbsurdAmount)]
    [InlineData("""{"store_id":"s","sale_amount":4294967297,"sale_ts":7}""", SaleRejection.AbsurdAmount)]
    [InlineData("""{"store_id":"s","sale_amount":5,"sale_ts":-1}""", SaleRejection.BadTimestamp)]
    [InlineData("""{"store_id":"s","sale_amount":5,"sale_ts":9223372036854775807}""", SaleRejection.BadTimestamp)]
    [InlineData("""{"store_id":"t","sale_amount":5,"sale_ts":7}""", SaleRejection.KeyMismatch)]
    public void A_bad_sale_is_rejected_with_its_reason(string json, SaleRejection reason) =>
        Assert.Equal(reason, Decode("s", json).Rejection);

    [Fact]
    public void A_sale_without_a_key_is_rejected() =>
        Assert.Equal(SaleRejection.NoKey, Decode("", """{"store_id":"s","sale_amount":5,"sale_ts":7}""").Rejection);

    [Fact]
    public void A_store_id_over_the_bound_is_rejected_however_it_is_escaped()
    {
        var longId = new string('x', StoreSale.MaxStoreIdBytes + 1);
        var escaped = string.Concat(Enumerable.Repeat("\\u0078", StoreSale.MaxStoreIdBytes + 1));

        Assert.Equal(SaleRejection.BadStoreId, Decode(longId, $$"""{"store_id":"{{longId}}","sale_amount":5,"sale_ts":7}""").Rejection);
        Assert.Equal(SaleRejection.BadStoreId, Decode(longId, $$"""{"store_id":"{{escaped}}","sale_amount":5,"sale_ts":7}""").Rejection);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_rejected()
    {
        var json = "{\"store_id\":\"s?\",\"sale_amount\":5,\"sale_ts\":7}"u8.ToArray();
        json[Array.IndexOf(json, (byte)'?')] = 0xff;

        Assert.Equal(SaleRejection.BadStoreId, StoreSaleJson.Decode([(byte)'s', 0xff], json, out _, out _));
    }

    [Fact]
    public void Any_cut_or_flipped_byte_gives_an_answer_and_no_exception()
    {
        var whole = StoreSaleJson.Encode(new StoreSale("s", 5, 7));
        var random = new Random(20260101);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)];
            for (var flips = random.Next(4); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Assert.True(Enum.IsDefined(StoreSaleJson.Decode("s"u8, bytes, out _, out _)));
        }
    }

    [Fact]
    public void Every_rejection_has_a_word_of_its_own()
    {
        var words = Enum.GetValues<SaleRejection>().Select(SaleRejections.Word).ToList();

        Assert.Equal(words.Count, words.Distinct().Count());
    }

    private static (SaleRejection Rejection, int Amount, long Timestamp) Decode(string key, string json)
    {
        var rejection = StoreSaleJson.Decode(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(json), out var amount, out var timestamp);
        return (rejection, amount, timestamp);
    }
}
