using System.Text;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Pipelines.Weather;
using Xunit;

namespace Streaming.Aggregator.Tests.Weather;

/// <summary>What is rejected, and why. What makes no sense but can be understood is not.</summary>
public sealed class WeatherDecodingTests
{
    private const string Good = """{"station":"kew","city":"London","time":"2026-01-01T00:00:00Z","units":"us","temperature":41.5,"humidity":81,"pressure":30.1,"wind":7}""";

    [Theory]
    [InlineData(Good)]
    [InlineData("""{"station":"kew","time":1767225600000,"temperature":4}""")]
    [InlineData("""{"station":"kew","time":"2026-01-01","temperature":4,"humidity":null}""")]
    [InlineData("""{"station":"kew","time":"2026-01-01","temperature":4,"units":"si"}""")]
    [InlineData("""{"station":"kew","time":"2026-01-01T01:00:00+01:00","temperature":-999,"more":[{"a":1}]}""")]
    [InlineData("""{"station":"kew","time":"2026-01-01T00:00:00","temperature":1.5e1}""")]
    public void A_reading_is_taken_with_its_time(string json)
    {
        var decoding = WeatherEvents.Raw(Record("kew", json), out _, out var time);

        Assert.True(decoding.IsTaken, decoding.Error);
        Assert.Equal(1767225600000, time);
    }

    [Theory]
    [InlineData("kew", null, "no-value")]
    [InlineData("kew", "", "no-value")]
    [InlineData("kew", "{", "malformed")]
    [InlineData("kew", "[]", "malformed")]
    [InlineData("kew", "null", "malformed")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01","temperature":NaN}""", "malformed")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01","temperature":1} x""", "malformed")]
    [InlineData("kew", """{"time":"2026-01-01","temperature":1}""", "missing-field")]
    [InlineData("kew", """{"station":"kew","temperature":1}""", "missing-field")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01"}""", "missing-field")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01","temperature":null}""", "missing-field")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01","temperature":"warm"}""", "wrong-type")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01","temperature":1e400}""", "wrong-type")]
    [InlineData("kew", """{"station":5,"time":"2026-01-01","temperature":1}""", "wrong-type")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01","temperature":1,"wind":"calm"}""", "wrong-type")]
    [InlineData("kew", """{"station":"","time":"2026-01-01","temperature":1}""", "bad-text")]
    [InlineData("kew", """{"station":"k\u0000w","time":"2026-01-01","temperature":1}""", "bad-text")]
    [InlineData("kew", """{"station":"k\ud800w","time":"2026-01-01","temperature":1}""", "malformed")]
    [InlineData("kew", """{"station":"kew","time":"yesterday","temperature":1}""", "bad-time")]
    [InlineData("kew", """{"station":"kew","time":"05/06/2026","temperature":1}""", "bad-time")]
    [InlineData("kew", """{"station":"kew","time":"1969-12-31","temperature":1}""", "bad-time")]
    [InlineData("kew", """{"station":"kew","time":-1,"temperature":1}""", "bad-time")]
    [InlineData("kew", """{"station":"kew","time":99999999999999999,"temperature":1}""", "bad-time")]
    [InlineData("kew", """{"station":"kew","time":true,"temperature":1}""", "bad-time")]
    [InlineData("kew", """{"station":"kew","time":"2026-01-01","temperature":1,"units":"kelvin"}""", "unknown-units")]
    [InlineData(null, """{"station":"kew","time":"2026-01-01","temperature":1}""", "no-key")]
    [InlineData("jfk", """{"station":"kew","time":"2026-01-01","temperature":1}""", "key-mismatch")]
    public void What_cannot_be_understood_is_rejected_with_its_reason(string? key, string? json, string reason)
    {
        var decoding = WeatherEvents.Raw(Record(key, json), out _, out _);

        Assert.Equal(reason, decoding.Reason);
        Assert.NotNull(decoding.Error);
    }

    [Fact]
    public void A_processed_reading_is_read_as_it_was_written()
    {
        Assert.True(WeatherEvents.Raw(Record("kew", Good), out var raw, out _).IsTaken);
        var processed = SiUnits.Of(raw);

        Assert.True(WeatherEvents.Processed.Decode(new RecordBytes("kew"u8.ToArray(), WeatherEvents.Processed.Encode(processed), 0), out var again, out var time).IsTaken);
        Assert.Equal((processed, 1767225600000), (again, time));
    }

    [Theory]
    [InlineData("""{"user":"ada","time":"2026-01-01","text":"Zürich <b>"}""", null)]
    [InlineData("""{"user":"ada","time":"2026-01-01"}""", "missing-field")]
    [InlineData("""{"user":"ada","time":"2026-01-01","text":""}""", "bad-text")]
    [InlineData("""{"time":"2026-01-01","text":"hm"}""", "missing-field")]
    [InlineData("""{"user":"ada","time":"2026-01-01","text":7}""", "wrong-type")]
    public void A_message_is_taken_or_rejected(string json, string? reason) => Assert.Equal(reason, WeatherEvents.Tweets(Record(null, json), out _, out _).Reason);

    private static RecordBytes Record(string? key, string? json) =>
        new(key is null ? null : Encoding.UTF8.GetBytes(key), json is null ? null : Encoding.UTF8.GetBytes(json), 0);
}
