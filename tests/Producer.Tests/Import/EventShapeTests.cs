using System.Text;
using Streaming.Contracts.Formats;
using Streaming.Producer.Import;
using Streaming.Producer.Import.Events;
using static Streaming.Producer.Tests.Import.Inputs;

namespace Streaming.Producer.Tests.Import;

public sealed class EventShapeTests
{
    [Fact]
    public void An_event_is_sent_byte_for_byte_when_nothing_is_to_change() =>
        Assert.Equal("x|{ \"k\" : \"x\", \"t\":\"2026-01-01\", \"n\": 1.50 }|2026-01-01T00:00:00.0000000Z", Shape("{ \"k\" : \"x\", \"t\":\"2026-01-01\", \"n\": 1.50 }", Usual));

    [Fact]
    public void Fields_are_renamed_added_and_the_time_written_once_more()
    {
        var options = Usual with
        {
            KeyField = "station",
            TimeField = "time",
            TimeOut = "at",
            Names = new Dictionary<string, string> { ["k"] = "station", ["t"] = "time" },
            Constants = new Dictionary<string, string> { ["unit"] = "\"C\"", ["n"] = "2" },
        };

        Assert.Equal(
            "x|{\"station\":\"x\",\"time\":\"2026-01-01\",\"deep\":{\"k\": [1, {}]},\"unit\":\"C\",\"n\":2,\"at\":\"2026-01-01T00:00:00Z\"}|2026-01-01T00:00:00.0000000Z",
            Shape("{\"k\":\"x\",\"t\":\"2026-01-01\",\"n\":1,\"at\":null,\"deep\":{\"k\": [1, {}]}}", options));
    }

    [Theory]
    [InlineData("42", "string", "42")]
    [InlineData("1.50", "string", "1.50")]
    [InlineData("true", "string", "true")]
    [InlineData("\"\\u00fc\"", "string", "ü")]
    [InlineData("1", "int32", "\0\0\0\u0001")]
    public void The_key_is_the_field_s_text_or_its_digits_in_the_key_s_format(string json, string format, string key)
    {
        ValueFormat.TryGet(format, out var found, out _);
        Assert.StartsWith(key + "|", Shape($"{{\"k\":{json},\"t\":\"2026-01-01\"}}", Usual with { KeyFormat = found! }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"t\":\"2026-01-01\"}", "the key field 'k' is missing")]
    [InlineData("{\"k\":null,\"t\":\"2026-01-01\"}", "the key field 'k' is null")]
    [InlineData("{\"k\":{},\"t\":\"2026-01-01\"}", "the key field 'k' is an object")]
    [InlineData("{\"k\":\"\\ud800\",\"t\":\"2026-01-01\"}", "half of a surrogate pair")]
    [InlineData("{\"k\":\"x\"}", "the time field 't' is missing")]
    [InlineData("{\"k\":\"x\",\"t\":[]}", "the time field 't' is an array")]
    [InlineData("{\"k\":\"x\",\"t\":\"yesterday\"}", "'yesterday' is not an ISO 8601 time")]
    [InlineData("{\"k\":\"x\",\"T\":\"2026-01-01\"}", "the time field 't' is missing")]
    [InlineData("{\"k\":\"x\",\"in\":{\"t\":\"2026-01-01\"}}", "the time field 't' is missing")]
    public void An_event_without_key_or_time_is_refused(string json, string problem)
    {
        Assert.False(new EventShape(Usual).TryShape(Encoding.UTF8.GetBytes(json), out _, out var found));
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_field_that_comes_twice_the_last_counts() =>
        Assert.StartsWith("b|", Shape("{\"k\":\"a\",\"t\":\"2026-01-01\",\"k\":\"b\"}", Usual), StringComparison.Ordinal);

    [Fact]
    public void A_field_that_was_renamed_is_said_to_have_been()
    {
        var options = Usual with { Names = new Dictionary<string, string> { ["k"] = "station" } };
        Assert.False(new EventShape(options).TryShape("{\"k\":\"x\",\"t\":\"2026-01-01\"}"u8, out _, out var problem));
        Assert.Equal("the key field 'k' is missing (it was renamed to 'station')", problem);
    }

    [Fact]
    public void A_name_without_utf8_is_refused_when_fields_are_renamed()
    {
        var options = Usual with { TimeOut = "at" };
        Assert.False(new EventShape(options).TryShape("{\"\\ud800\":1,\"k\":\"x\",\"t\":\"2026-01-01\"}"u8, out _, out var problem));
        Assert.Contains("surrogate", problem, StringComparison.Ordinal);
    }

    private static string Shape(string json, ImportOptions options)
    {
        Assert.True(new EventShape(options).TryShape(Encoding.UTF8.GetBytes(json), out var shaped, out var problem), problem);
        return $"{Encoding.UTF8.GetString(shaped.Key!)}|{Encoding.UTF8.GetString(shaped.Value)}|{shaped.Time.UtcDateTime:O}";
    }
}
