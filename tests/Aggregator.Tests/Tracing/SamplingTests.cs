using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Alerts.Webhook;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Alerts;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Tracing;
using Streaming.Contracts.Windows;
using Streaming.Tests;
using Xunit;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Tracing;

[Collection(PostgresTests.Name)]
public sealed class SamplingTests(PostgresFixture postgres)
{
    private static readonly ActivityContext s_trace = SpanRecorder.Context();

    [Fact]
    public async Task Sampled_records_are_noted_with_what_was_taken_of_them_and_a_few_at_most()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        reader.Read(Record(0, "a", "{"));
        reader.Read(Record(1, "a", Sale("a", 10)));
        reader.Read(Record(2, "a", Sale("a", 20), header: null));
        reader.Read(Record(3, "a", Sale("a", 30), "no context"));
        for (var offset = 4; offset < 20; offset++)
        {
            reader.Read(Record(offset, "b", Sale("b", offset)));
        }

        var sampled = reader.TakeChange(null).Sampled;

        Assert.Equal([null, 1L, 4, 5, 6, 7, 8, 9], sampled.Select(record => record.Event?.Offset));
        Assert.All(sampled, record => Assert.Equal(s_trace, record.Trace));
        Assert.Equal(("a", 10L), (sampled[1].Event!.Key.Text, sampled[1].Event!.Values[0]));
        Assert.Empty(reader.TakeChange(null).Sampled);
    }

    [Fact]
    public async Task A_sampled_event_is_late_only_when_no_kind_of_windows_counts_it()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var pipeline = Definition.Named("levels", "Levels").From(Topics.Sales, SaleEvents.Json).KeyedByRecord("store")
            .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(TimeSpan.FromHours(1))).Waits(TimeSpan.Zero).Measures(m => m.Count()).Define();
        var claim = await new ClaimStore(bench.Database, "a").ClaimAsync(bench.P0 with { Pipeline = pipeline.Name }, 0, pipeline.Windows, pipeline.Measures, CancellationToken.None);
        var reader = new PartitionReader(pipeline, claim, new KnownKeys());

        reader.Read(Record(0, "a", Sale("a", 100)));
        reader.Read(Record(1, "a", Sale("a", 10)));
        reader.Read(Record(2, "a", Sale("a", -10)));

        Assert.Equal([false, false, true], reader.TakeChange(null).Sampled.Select(record => record.Event!.IsLate));
    }

    [Fact]
    public async Task An_alert_remembers_the_checkpoint_that_decided_it_and_so_does_its_delivery()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        AlertBench.Read(reader, [AlertBench.Sale("a", 0, 500), AlertBench.Sale("a", 90, 500)]);
        await using var store = new CheckpointStore(bench.Database, "a") { HasWebhook = true };
        var span = TraceParent.Format(s_trace);

        await store.WriteAsync([reader.TakeChange(null)], span, Task.CompletedTask, CancellationToken.None);

        Assert.Equal([$"({span})"], await bench.RowsAsync("SELECT DISTINCT trace_parent FROM alerts"));
        var delivery = (await new WebhookStore(bench.Database).TakeAsync(1, TimeSpan.FromMinutes(1), CancellationToken.None)).Single();
        Assert.Equal(span, delivery.TraceParent);
    }

    [Fact]
    public void A_relayed_batch_is_linked_to_the_checkpoints_that_wrote_it()
    {
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, s_trace.TraceId);
        var other = SpanRecorder.Context();

        RelaySpan.Start("p", [Row("alerts", s_trace), Row("alerts", s_trace), Row("alerts", other), Row("alerts", null)], "client")!.Dispose();
        RelaySpan.Start("p", [Row("alerts", s_trace), Row("late", s_trace)], "client")!.Dispose();
        Assert.Null(RelaySpan.Start("p", [Row("alerts", null)], "client"));

        Assert.Equal(["send alerts", "send"], recorder.Spans.Select(span => span.DisplayName));
        Assert.All(recorder.Spans, span => Assert.Equal(ActivityKind.Client, span.Kind));
        Assert.Equal([s_trace, other], recorder.Spans[0].Links.Select(link => link.Context));
        Assert.Equal((4, "alerts", "client"), (recorder.Spans[0].GetTagItem("messaging.batch.message_count"), recorder.Spans[0].GetTagItem("messaging.destination.name"), recorder.Spans[0].GetTagItem("messaging.client.id")));
        Assert.Null(recorder.Spans[1].GetTagItem("messaging.destination.name"));
    }

    [Fact]
    public void A_request_to_the_webhook_is_linked_to_the_checkpoint_and_shows_no_more_of_the_address_than_its_host()
    {
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, s_trace.TraceId);
        var delivery = new PendingDelivery("id", "{}", 2, TimeSpan.Zero) { TraceParent = TraceParent.Format(s_trace) };

        using (var span = WebhookSpan.Start(delivery, "https://hooks.example:8443"))
        {
            WebhookSpan.Answered(span, new WebhookAnswer("answered 500", null) { Status = 500 });
        }

        Assert.Null(WebhookSpan.Start(delivery with { TraceParent = null }, "https://hooks.example"));
        var sent = Assert.Single(recorder.Spans);
        Assert.Equal([s_trace], sent.Links.Select(link => link.Context));
        Assert.Equal(
            ["http.request.method=POST", "server.address=hooks.example", "server.port=8443", "http.request.resend_count=1", "error.type=500", "http.response.status_code=500"],
            sent.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
    }

    private static string Sale(string store, double second) => Encoding.UTF8.GetString(StoreSaleJson.Encode(AlertBench.Sale(store, second)));

    private static ConsumeResult<byte[], byte[]> Record(long offset, string key, string value, string? header = "sampled") => new()
    {
        Topic = Topics.Sales.Name,
        Partition = 0,
        Offset = offset,
        Message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(key),
            Value = Encoding.UTF8.GetBytes(value),
            Timestamp = new Timestamp(AlertBench.T0 + 60_000, TimestampType.LogAppendTime),
            Headers = header is null ? [] : new Headers { { HeaderNames.TraceParent, Encoding.ASCII.GetBytes(header == "sampled" ? TraceParent.Format(s_trace) : header) } },
        },
    };

    private static RelayRow Row(string topic, ActivityContext? cause) =>
        new(new OutboxPartition(1, Guid.Empty, 0), 1, new OutboxMessage(topic, null, [1], cause is { } context ? OutboxTrace.Encode(TraceParent.Format(context)) : null));
}
