using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Contracts;
using Streaming.Contracts.Tracing;
using Streaming.Producer.Import;
using Streaming.Producer.Import.Screen;
using Streaming.Producer.Publishing;
using Streaming.Producer.Tests.Http;
using Streaming.Tests;

namespace Streaming.Producer.Tests;

/// <summary>Every way in which records get into Kafka begins a trace.</summary>
public sealed class TraceTests
{
    [Fact]
    public void Of_each_topic_the_first_record_is_sampled_and_then_one_in_so_many()
    {
        var sampler = new TraceSampler(3);

        var taken = Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? "a" : "b").Select(topic => sampler.Takes(topic) ? topic : "-");

        Assert.Equal("ab----ab----", string.Concat(taken));
        Assert.False(new TraceSampler(0).Takes("a"));
    }

    [Fact]
    public void A_record_that_is_not_sampled_allocates_nothing_for_it()
    {
        var sampler = new TraceSampler(1_000_000);
        sampler.Takes("a");
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 10_000; i++)
        {
            sampler.Takes("a");
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task A_posted_event_goes_on_with_the_request_s_trace_and_a_batch_with_its_first_record()
    {
        await using var cluster = await Cluster.StartAsync();
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = cluster.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync([new() { Name = "own", NumPartitions = 1 }]);
        }

        var caller = SpanRecorder.Context();
        using var requests = new SpanRecorder("Microsoft.AspNetCore", caller.TraceId);
        using var recorder = new SpanRecorder(EventPublisher.SourceName, caller.TraceId);
        await using var server = await IntakeServer.StartAsync(cluster.BootstrapServers, ("KeylessTopics", "own"));

        await server.PostAsync("/events/own", "1", headers: ("traceparent", TraceParent.Format(caller)));
        await server.PostAsync("/events/own/batch", "2\n3\n4", "application/x-ndjson", ("traceparent", TraceParent.Format(caller)));
        await server.PostAsync("/events/own", "5");

        var records = cluster.Read("own", 1).ToDictionary(record => Text(record.Message.Value), record => Trace(record.Message.Headers));
        Assert.Equal(["1", "2", "3", "4", "5"], records.Keys.Order(StringComparer.Ordinal));
        var sends = recorder.Spans;
        Assert.Equal(["send own", "send own"], sends.Select(span => span.DisplayName));
        Assert.Equal(sends.Select(span => span.Id), [records["1"], records["2"]]);
        Assert.All([records["3"], records["4"], records["5"]], Assert.Null);
        Assert.All(sends, span => Assert.Equal((caller.TraceId, ActivityKind.Producer, "send"), (span.TraceId, span.Kind, span.GetTagItem("messaging.operation.type"))));
        Assert.Equal(requests.Spans.Select(span => span.SpanId), sends.Select(span => span.ParentSpanId));
    }

    [Fact]
    public async Task An_import_begins_a_trace_with_its_first_record()
    {
        await using var cluster = await Cluster.StartAsync();
        using var recorder = new SpanRecorder(EventPublisher.SourceName, default, name => name == "send traced-import");
        using var output = new StringWriter();
        var file = Path.Combine(Path.GetTempPath(), $"streaming-traced-{Guid.NewGuid():N}.ndjson");
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 20).Select(i => $"{{\"k\":\"a\",\"t\":{i}}}"));
        try
        {
            var program = new ImportProgram(output, new PlainScreen(output, TimeProvider.System), () => Stream.Null, TimeProvider.System);

            Assert.Equal(0, await program.RunAsync(
                [ImportProgram.Name, file, "--bootstrap-server", cluster.BootstrapServers, "--topic", "traced-import", "--key", "k", "--time", "t", "--time-format", "s", "--create", "--partitions", "1"], CancellationToken.None));
        }
        finally
        {
            File.Delete(file);
        }

        var send = Assert.Single(recorder.Spans);
        var records = cluster.Read("traced-import", 1).OrderBy(record => record.Offset.Value).ToList();
        Assert.Equal([send.Id], records.Select(record => Trace(record.Message.Headers)).OfType<string>());
        Assert.Equal(send.Id, Trace(records[0].Message.Headers));
        Assert.Equal((default(ActivitySpanId), ActivityStatusCode.Unset, 0L), (send.ParentSpanId, send.Status, (long)send.GetTagItem("messaging.kafka.offset")!));
    }

    private static string? Trace(Headers? headers) => headers is not null && headers.TryGetLastBytes(HeaderNames.TraceParent, out var bytes) ? System.Text.Encoding.ASCII.GetString(bytes) : null;

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
