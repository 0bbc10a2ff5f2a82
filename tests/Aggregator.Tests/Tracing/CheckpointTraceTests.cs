using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Tracing;
using Streaming.Tests;
using Xunit;

namespace Streaming.Aggregator.Tests.Tracing;

/// <summary>From the sampled records to the checkpoint that takes them in, and on to what it writes.</summary>
[Collection(PostgresTests.Name)]
public sealed class CheckpointTraceTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_checkpoint_is_linked_to_the_sampled_records_in_it_and_is_no_part_of_what_else_goes_on()
    {
        var sale = SpanRecorder.Context();
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, sale.TraceId);
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        using var outer = new Activity("something else").Start();

        await WriteAsync(bench, Sales(await bench.ClaimAsync(bench.P0), sale));

        var span = Assert.Single(recorder.Spans);
        Assert.Equal(("checkpoint sales", ActivityKind.Consumer, default(ActivitySpanId)), (span.DisplayName, span.Kind, span.ParentSpanId));
        Assert.NotEqual(outer.TraceId, span.TraceId);
        Assert.Equal([sale], span.Links.Select(link => link.Context));
        Assert.Equal(
            [
                "messaging.system=kafka", "messaging.operation.name=checkpoint", "messaging.operation.type=process", "messaging.destination.name=sales", "messaging.destination.partition.id=0",
                "messaging.batch.message_count=2", "messaging.consumer.group.name=group", "messaging.client.id=client", "streaming.pipeline=sales-by-store", "streaming.generation=1",
            ],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Same(outer, Activity.Current);
    }

    [Fact]
    public async Task What_a_checkpoint_writes_says_where_it_comes_from()
    {
        var sale = SpanRecorder.Context();
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, sale.TraceId);
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var late = new OutboxMessage("late", null, [2], OutboxTrace.Encode(TraceParent.Format(sale))) { IsPutAside = true };
        var (rejected, bare) = (new OutboxMessage("dlq", null, [3], HeaderCodec.Encode(new Headers { { "own", [1] } })) { IsPutAside = true }, new OutboxMessage("dlq", null, [4], null) { IsPutAside = true });

        await WriteAsync(bench, Sales(await bench.ClaimAsync(bench.P0), sale) with { Outgoing = [new("sales-aggregate", null, [1], null), late, rejected, bare] });

        var span = TraceParent.Format(Assert.Single(recorder.Spans).Context);
        Assert.Equal([$"({span})"], await bench.RowsAsync("SELECT trace_parent FROM checkpoints"));
        Assert.Equal([$"(7,zurich-1,{{10}},f,{TraceParent.Format(sale)},{span},2)"], await bench.RowsAsync("SELECT \"offset\", group_key, \"values\", is_late, trace_parent, checkpoint_trace_parent, version FROM sampled_events"));
        var sent = await new OutboxStore(bench.Database, bench.P0.Pipeline).ReadAsync(null, 10, 10_000, CancellationToken.None);
        Assert.Equal([rejected.Headers, null], sent.Rows.Skip(2).Select(row => row.Message.Headers));
        Assert.Equal([span, TraceParent.Format(sale), null, null], sent.Rows.Select(row => OutboxTrace.TryRead(row.Message.Headers, out var context) ? TraceParent.Format(context) : null));
    }

    [Fact]
    public async Task A_checkpoint_without_sampled_records_has_no_span_and_leaves_the_last_one_s_where_readers_look_for_it()
    {
        var sale = SpanRecorder.Context();
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, sale.TraceId, name => name == "checkpoint sales-without-samples");
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var partition = bench.P0 with { Topic = "sales-without-samples" };
        var claim = await bench.ClaimAsync(partition);
        await WriteAsync(bench, Sales(claim, sale));
        var first = Assert.Single(recorder.Spans);

        await WriteAsync(bench, CheckpointBench.Sales(claim with { Version = claim.Version + 1, NextOffset = claim.NextOffset + 2 }, "zurich-1", 3));

        Assert.Single(recorder.Spans);
        Assert.Equal([$"({TraceParent.Format(first.Context)},3)"], await bench.RowsAsync("SELECT trace_parent, events FROM checkpoints"));
    }

    [Fact]
    public async Task A_checkpoint_that_finds_its_partition_taken_has_failed()
    {
        var sale = SpanRecorder.Context();
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, sale.TraceId);
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);
        await bench.ClaimAsync(bench.P0, "another");

        await WriteAsync(bench, Sales(claim, sale));

        var span = Assert.Single(recorder.Spans);
        Assert.Equal((ActivityStatusCode.Error, "claimed"), (span.Status, span.GetTagItem("error.type")));
        Assert.Empty(await bench.RowsAsync("SELECT * FROM sampled_events"));
    }

    [Fact]
    public async Task Statements_are_children_of_the_checkpoint_s_span()
    {
        var sale = SpanRecorder.Context();
        using var recorder = new SpanRecorder(AggregatorTelemetry.Name, sale.TraceId);
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var claim = await bench.ClaimAsync(bench.P0);
        ActivityTraceId seen = default;
        var statements = new List<Activity>();
        using var npgsql = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                if (Activity.Current is { OperationName: "checkpoint sales" } checkpoint && checkpoint.Links.Any(link => link.Context == sale))
                {
                    seen = checkpoint.TraceId;
                }

                return seen != default && options.Parent.TraceId == seen ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None;
            },
            ActivityStopped = span =>
            {
                lock (statements)
                {
                    statements.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(npgsql);

        await WriteAsync(bench, Sales(claim, sale));

        var parent = Assert.Single(recorder.Spans).SpanId;
        Assert.NotEmpty(statements);
        Assert.All(statements, statement => Assert.Equal(parent, statement.ParentSpanId));
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", false)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-and-so-on", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473Z-00f067aa0ba902b7-01", false)]
    [InlineData("", false)]
    public void Only_a_recorded_context_is_one(string header, bool isContext)
    {
        Assert.Equal(isContext, TraceParent.TryParse(Encoding.ASCII.GetBytes(header), out var context));
        Assert.Equal(isContext, OutboxTrace.TryRead(OutboxTrace.Encode(header), out _));
        Assert.Equal(isContext ? header : "00-00000000000000000000000000000000-0000000000000000-00", isContext ? TraceParent.Format(context) : TraceParent.Format(default));
    }

    private static PartitionChange Sales(Claim claim, ActivityContext sampled) => CheckpointBench.Sales(claim, "zurich-1", 0, 1) with
    {
        Sampled = [new(sampled, new TakenEvent(7, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), new GroupKey("zurich-1"), false, [10], null)), new(sampled, null)],
    };

    private static async Task WriteAsync(CheckpointBench bench, PartitionChange change)
    {
        await using var store = new CheckpointStore(bench.Database, "a");
        using var meters = new Meters();
        using var telemetry = new AggregatorTelemetry(meters);
        var checkpointer = new Checkpointer(store, new FixedIdentity(change.Partition.TopicId), telemetry, new ConsumptionStatus(), NullLogger.Instance) { Source = ("group", "client") };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await checkpointer.WriteAsync([change], limit.Token);
    }
}
