using System.Text;
using Streaming.Contracts;

namespace Streaming.Contracts.Tests;

public class StoreAndWindowJsonTests
{
    private static readonly Store Zurich = new("zurich-1", "Bahnhofstrasse", "Zürich", "CH", 47.3769, 8.5417, "CHF");

    [Fact]
    public void A_store_comes_back_as_it_was_written() =>
        Assert.Equal(Zurich, StoreJson.TryDecode(StoreJson.Encode(Zurich), out _));

    [Theory]
    [InlineData("nonsense", "invalid")]
    [InlineData("null", "null")]
    [InlineData("""{"store_id":"a"}""", "name")]
    [InlineData("""{"store_id":"a","name":"n","city":"c","country":"CH","latitude":91,"longitude":0,"currency":"CHF"}""", "latitude")]
    [InlineData("""{"store_id":"a","name":"n","city":"c","country":"CH","latitude":1,"longitude":0,"currency":"CH"}""", "currency")]
    public void A_bad_store_is_refused_with_the_reason(string json, string reason)
    {
        Assert.Null(StoreJson.TryDecode(Encoding.UTF8.GetBytes(json), out var error));
        Assert.Contains(reason, error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_window_comes_back_as_it_was_written_and_its_sum_is_exact()
    {
        var start = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var window = new SalesWindow("zurich-1", start, start.AddMinutes(1), 3, 9_223_372_036_854_775_808m * 3, 1, long.MaxValue, 2);

        Assert.Equal(window, SalesWindowJson.Decode(SalesWindowJson.Encode(window)));
    }
}
