using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.BadInput;

/// <summary>A topic of somebody else's: it comes later, it grows, most of its partitions are empty, and its timestamps are its producers'.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class ForeignTopicTests(PostgresFixture postgres)
{
    private const string Topic = "weather";

    [Fact]
    public async Task Topic_that_does_not_exist_is_waited_for_and_partitions_that_are_added_are_read_and_empty_ones_hold_nothing_up()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var host = await stage.StartAggregatorAsync([Readings.ByRegion(Topic), SalesByStore.Define()], ("IdleTimeout", "00:00:00.500"));
        using var admin = Admin(stage);
        await AssertWaitsAsync(stage, host, admin);

        await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 2 }]);
        await Until.TrueAsync(() => stage.Lines.Count(2104) == Topics.Sales.Partitions + 2, "the new topic is read", stage.Lines.ToString);
        var then = DateTimeOffset.UtcNow.AddMinutes(-10);
        await stage.ProduceAsync([(null, Readings.Json(then)), (null, Readings.Json(then))], Topic, partition: 1);
        await CountedAsync(stage, 2);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);

        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = Topic, IncreaseTo = 4 }]);
        await stage.ProduceAsync([(null, Readings.Json(then.AddMinutes(1)))], Topic, partition: 3);
        await CountedAsync(stage, 3);

        await AssertAllFinalAsync(stage);
    }

    [Fact]
    public async Task Clocks_that_jump_put_aside_the_events_in_question_and_the_watermark_never_goes_back()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        using var admin = Admin(stage);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 1, Configs = new() { ["message.timestamp.type"] = "CreateTime" } }]);
        await stage.StartAggregatorAsync([Readings.ByRegion(Topic)]);
        var then = DateTimeOffset.UtcNow.AddDays(-60);
        (TimeSpan Event, TimeSpan Record, string Verdict)[] input =
        [
            (Seconds(0), Seconds(0), "accepted"),
            (Seconds(200), Seconds(0), "rejected"), // the device's clock is ahead
            (Seconds(1), -Hours(1), "rejected"), // the record's clock has gone back
            (-Hours(1), -Hours(1), "late"), // both have
            (Seconds(30), Seconds(30), "accepted"),
            (Seconds(30), Hours(400), "accepted"), // the record's clock is ahead: an old event, as in any backlog
            (-Hours(24 * 20_000), Seconds(31), "late"),
            (-(then - DateTimeOffset.MinValue), Seconds(31), "rejected"), // the year 1
            (Hours(300), Hours(300), "accepted"), // in a topic with CreateTime nobody contradicts a producer whose clock is ahead …
            (Seconds(32), Seconds(32), "late"), // … and the rest pays for it
        ];
        await ProduceAsync(stage, input.Select(i => (then + i.Event, then + i.Record)));

        await stage.CommittedAsync(input.Length);

        Assert.Equal(input.Count(i => i.Verdict == "accepted"), await stage.NumberAsync("SELECT events FROM checkpoints"));
        Assert.Equal(input.Count(i => i.Verdict == "late"), await stage.NumberAsync("SELECT late FROM checkpoints"));
        Assert.Equal(input.Count(i => i.Verdict == "rejected"), await stage.NumberAsync("SELECT rejected FROM checkpoints"));
        await stage.OutboxIsEmptyAsync();
        Assert.Equal(["too-far-ahead", "too-far-ahead", "bad-timestamp"],
            stage.ReadAll(Topics.SalesDeadLetter with { Name = "readings-dead-letter" }).Select(letter => Readings.Header(letter, HeaderNames.Reason)));
        var watermark = (then + Hours(300) - Seconds(5)).ToUnixTimeMilliseconds();
        Assert.Equal(watermark, await stage.NumberAsync("SELECT (extract(epoch FROM watermark) * 1000)::bigint FROM checkpoints"));
    }

    private static async Task AssertWaitsAsync(PipelineStage stage, IHost host, IAdminClient admin)
    {
        await Until.TrueAsync(() => stage.Lines.Has(2006), "the missing topic is named in the log", stage.Lines.ToString);
        await stage.ProduceAsync(Sales.Random(10, seed: 31));
        await stage.CommittedAsync(10);

        var health = await HealthAsync(host);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal($"{Readings.Pipeline}: waiting for the topic '{Topic}'", health.Description);
        var topics = admin.GetMetadata(TimeSpan.FromSeconds(20)).Topics.Select(topic => topic.Topic).ToList();
        Assert.Contains("readings-dead-letter", topics);
        Assert.Contains("readings-late", topics);
        Assert.DoesNotContain(Topic, topics);
    }

    /// <summary>The merged windows are final: every partition's watermark, the empty ones' too, has passed end and grace.</summary>
    private static Task AssertAllFinalAsync(PipelineStage stage) => Until.TrueAsync(
        async () => await stage.NumberAsync($"""
            SELECT count(*) FROM window_results WHERE pipeline = '{Readings.Pipeline}' AND is_final AND window_end + interval '10 seconds' <=
                (SELECT min(watermark) FROM checkpoints WHERE pipeline = '{Readings.Pipeline}' HAVING count(watermark) = 4)
            """) == 2,
        "every window is final", () => Task.FromResult(stage.Lines.ToString()));

    private static Task CountedAsync(PipelineStage stage, long events) => Until.TrueAsync(
        async () => await stage.NumberAsync($"SELECT coalesce(sum(events), 0)::bigint FROM checkpoints WHERE pipeline = '{Readings.Pipeline}'") == events,
        $"{events} events are counted", () => Task.FromResult(stage.Lines.ToString()));

    private static async Task ProduceAsync(PipelineStage stage, IEnumerable<(DateTimeOffset Event, DateTimeOffset Record)> times)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = stage.BootstrapServers }).Build();
        foreach (var (e, record) in times)
        {
            await producer.ProduceAsync(Topic, new Message<Null, byte[]> { Value = Readings.Json(e), Timestamp = new Timestamp(record) });
        }
    }

    private static async Task<HealthReportEntry> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "consuming");
        return report.Entries["consuming"];
    }

    private static IAdminClient Admin(PipelineStage stage) => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stage.BootstrapServers }).Build();

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);
}
