using System.Text;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.BadInput;

/// <summary>Records that no pipeline can use, and events on which the user's own code throws.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class BadRecordTests(PostgresFixture postgres)
{
    private static readonly TopicDeclaration Input = new("readings-in", 1, TimeSpan.FromDays(1)) { MaxMessageBytes = Topics.LargestInput };
    private static readonly byte[] Key = "alp"u8.ToArray();
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private static readonly (byte[]? Key, byte[]? Value, string Reason, string Error)[] Bad =
    [
        (new byte[1_000_000], Readings.Json(Now), "long-key", "1000000 bytes"),
        ([], Readings.Json(Now), "empty-key", ""),
        (null, Readings.Json(Now), "no-key", ""),
        ([0xC3, 0x28], Readings.Json(Now), "bad-key", ""),
        (Key, null, "no-value", "tombstone"),
        (Key, Readings.Json(Now, celsius: "79228162514264337593543950335"), "overflow", "'celsius'"),
        (Key, Readings.Json(Now, celsius: "1e40"), "malformed", "celsius"),
        (Key, Readings.Json(Now, wind: "NaN"), "malformed", ""),
        (Key, Readings.Json(Now, wind: "\"NaN\""), "overflow", "'wind'"),
        (Key, Readings.Json(Now, wind: "\"-Infinity\""), "overflow", "'wind'"),
        (Key, Readings.Json(Now, wind: "1e300"), "overflow", "'wind'"),
        (Key, Encoding.UTF8.GetBytes("""{"region":"north","wind":1,"level":1,"divisor":1,"code":"0","at":"2026-01-01T00:00:00Z"}"""), "malformed", "celsius"),
        (Key, Readings.Json(Now, celsius: "null"), "malformed", "celsius"),
        (Key, Readings.Json(Now.AddDays(1)), "too-far-ahead", "60000 ms are allowed"),
        (Key, Readings.Json(DateTimeOffset.MaxValue), "bad-timestamp", ""),
        (Key, Readings.Json(DateTimeOffset.MinValue), "bad-timestamp", ""),
        (Key, Readings.Json(null), "failed", "System.InvalidOperationException: "),
        (Key, Readings.Json(Now, divisor: 0), "failed", "System.DivideByZeroException: "),
        (Key, Readings.Json(Now, code: "null"), "failed", "System.NullReferenceException: "),
        (Key, Readings.Json(Now, level: 7), "failed", "System.IndexOutOfRangeException: "),
        // The exception's message holds the whole text: with it the dead letter would be larger than its topic takes.
        (Key, Readings.Json(Now, code: $"\"{new string('x', 900_000)}\""), "failed", "System.FormatException: "),
    ];

    [Fact]
    public async Task Bad_records_and_events_on_which_a_lambda_throws_are_rejected_whole_and_the_rest_is_counted()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync([Readings.ByStation(Input)]);
        await Until.TrueAsync(() => stage.Lines.Has(2104), "the partition is read", stage.Lines.ToString);
        await stage.ProduceAsync([(Key, Readings.Json(Now))], Input.Name);
        await stage.ProduceAsync(Bad.Select(bad => (bad.Key, bad.Value)), Input.Name);
        await stage.ProduceAsync([(Key, Readings.Json(DateTimeOffset.UnixEpoch)), (Key, Readings.Json(Now, more: ",\"a_new_field\":[1]"))], Input.Name);

        await stage.CommittedAsync(Bad.Length + 3);
        await stage.OutboxIsEmptyAsync();

        Assert.Equal(2, await stage.NumberAsync("SELECT sum(events)::bigint FROM checkpoints"));
        Assert.Equal(1, await stage.NumberAsync("SELECT sum(late)::bigint FROM checkpoints"));
        Assert.Equal(Bad.Length, await stage.NumberAsync("SELECT sum(rejected)::bigint FROM checkpoints"));
        Assert.Equal(2, await stage.NumberAsync("SELECT sum(count)::bigint FROM window_results"));
        Assert.Equal(0, await stage.NumberAsync("SELECT count(*) FROM parked_outbox"));
        AssertLetters(stage);
        Assert.False(stage.Lines.Has(2004));
    }

    private static void AssertLetters(PipelineStage stage)
    {
        var letters = stage.ReadAll(Input with { Name = "readings-dead-letter" });
        Assert.Equal(Bad.Length, letters.Count);
        Assert.All(Bad.Zip(letters), pair =>
        {
            var (bad, letter) = pair;
            Assert.Equal(bad.Reason, Readings.Header(letter, HeaderNames.Reason));
            Assert.Contains(bad.Error, Readings.Header(letter, HeaderNames.Error), StringComparison.Ordinal);
            Assert.Equal(bad.Key, letter.Message.Key);
            Assert.Equal(bad.Value, letter.Message.Value);
        });
    }
}
