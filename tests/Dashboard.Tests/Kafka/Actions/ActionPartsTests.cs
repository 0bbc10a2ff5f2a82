using Streaming.Contracts;
using Streaming.Dashboard.Kafka.Actions;

namespace Streaming.Dashboard.Tests.Kafka.Actions;

public sealed class ActionPartsTests
{
    [Fact]
    public void Every_topic_that_is_declared_is_warned_of() => Assert.All(
        Topics.All.Concat(Topics.ShopTopics).Concat(Topics.WeatherTopics).Concat(Topics.IotTopics), topic => Assert.NotNull(OwnTopics.Warning(topic.Name)));

    [Theory]
    [InlineData("outbox-cursors", "nothing more is sent on")]
    [InlineData("_schemas", "can no longer be read")]
    [InlineData("__consumer_offsets", "Kafka's own")]
    [InlineData("sales", "this application's")]
    [InlineData("orders", null)]
    public void What_is_lost_is_said_of_each_kind(string topic, string? told)
    {
        if (told is null)
        {
            Assert.Null(OwnTopics.Warning(topic));
        }
        else
        {
            Assert.Contains(told, OwnTopics.Warning(topic), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_outcome_is_found_by_its_address_alone_and_not_for_ever()
    {
        var time = new ManualTime();
        var outcomes = new ActionOutcomes(time);
        var address = "http://localhost" + outcomes.At("/topics", ActionOutcome.Done("done"));

        Assert.Equal("done", outcomes.Of(address)?.Text);
        Assert.Null(outcomes.Of("http://localhost/topics?outcome=guessed"));
        Assert.Null(outcomes.Of("http://localhost/topics"));
        time.Now += TimeSpan.FromMinutes(11);
        Assert.Null(outcomes.Of(address));
    }

    [Fact]
    public void Outcomes_are_bounded_in_number()
    {
        var outcomes = new ActionOutcomes(new ManualTime());
        var first = "http://localhost" + outcomes.At("/topics", ActionOutcome.Done("first"));
        for (var i = 0; i < 200; i++)
        {
            outcomes.At("/topics", ActionOutcome.Done($"{i}"));
        }

        Assert.Null(outcomes.Of(first));
    }

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
