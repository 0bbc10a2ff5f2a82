using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Tracing;
using Streaming.Tests;
using Xunit;

namespace Streaming.Aggregator.Tests.Tracing;

/// <summary>A sampled sale goes through the stage that enriches it, and into both pipelines' checkpoints.</summary>
[Collection(PostgresTests.Name)]
public sealed class StageTraceTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_sampled_sale_keeps_its_trace_through_the_stage_with_a_span_of_its_own_for_each_step()
    {
        var sent = SpanRecorder.Context();
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, sent.TraceId);
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", "sales-by-country"), ("EnrichmentWait", "00:00:00"), ("CheckpointInterval", "00:00:00.2"));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await ProduceAsync(stage, sent, StoreSaleJson.Encode(new StoreSale("lima-1", 7, now)));
        await ProduceAsync(stage, sent, "{"u8.ToArray());

        await Until.TrueAsync(() => recorder.Spans.Count(span => span.DisplayName == "checkpoint sales-enriched") == 1, "the checkpoint", stage.Lines.ToString);
        await Until.TrueAsync(() => recorder.Spans.Count(span => span.DisplayName == "process sales") == 2, "both records", stage.Lines.ToString);

        var process = recorder.Spans.Single(span => span is { DisplayName: "process sales", Status: ActivityStatusCode.Unset });
        Assert.Equal((sent.TraceId, sent.SpanId, ActivityKind.Consumer), (process.TraceId, process.ParentSpanId, process.Kind));
        Assert.Equal([sent], process.Links.Select(link => link.Context));
        Assert.Equal("sales-by-country.enrich", process.GetTagItem("messaging.consumer.group.name"));
        Assert.Equal("published", process.GetTagItem("streaming.outcome"));
        var send = recorder.Spans.Single(span => span.DisplayName == "send sales-enriched");
        Assert.Equal((process.SpanId, ActivityKind.Producer), (send.ParentSpanId, send.Kind));
        var published = stage.ReadAll(Topics.SalesEnriched).Single();
        Assert.Equal(send.Id, Encoding.ASCII.GetString(published.Message.Headers.GetLastBytes(HeaderNames.TraceParent)));
        Assert.Equal((published.Offset.Value, published.Partition.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)), ((long)send.GetTagItem("messaging.kafka.offset")!, (string)send.GetTagItem("messaging.destination.partition.id")!));
        var checkpoint = recorder.Spans.Single(span => span.DisplayName == "checkpoint sales-enriched");
        Assert.Equal([send.SpanId], checkpoint.Links.Select(link => link.Context.SpanId));
        Assert.NotEqual(sent.TraceId, checkpoint.TraceId);

        var rejected = recorder.Spans.Single(span => span is { DisplayName: "process sales", Status: ActivityStatusCode.Error });
        Assert.Equal(("malformed", "rejected"), (rejected.GetTagItem("error.type"), rejected.GetTagItem("streaming.outcome")));
        Assert.Equal(1, await stage.NumberAsync($"SELECT count(*) FROM sampled_events WHERE trace_parent = '{TraceParent.Format(send.Context)}' AND \"values\"[1] = 7"));
    }

    private static async Task ProduceAsync(PipelineStage stage, ActivityContext trace, byte[] value)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = stage.BootstrapServers }).Build();
        var headers = new Headers { { HeaderNames.TraceParent, Encoding.ASCII.GetBytes(TraceParent.Format(trace)) }, { "own", [1] } };
        await producer.ProduceAsync(Topics.Sales.Name, new Message<byte[], byte[]> { Key = "lima-1"u8.ToArray(), Value = value, Headers = headers });
    }
}
