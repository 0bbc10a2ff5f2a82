using System.IO.Compression;
using System.Net;
using Aspire.Hosting.Dashboard.Otlp;
using Google.Protobuf;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

public sealed class OtlpTests(DashboardApp dashboard) : IClassFixture<DashboardApp>
{
    private const string Gzip = "gzip";

    [Fact]
    public async Task A_compressed_body_is_unpacked()
    {
        var (status, _) = await dashboard.SendAsync("/v1/traces", Packed(Otlps.Traces("packing", Otlps.Span(901, 1, "packed")).ToByteArray()), encoding: Gzip);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(View(901));
    }

    [Fact]
    public async Task Spans_without_ids_are_refused_by_number_and_the_others_taken()
    {
        var request = Otlps.Traces("partial", Otlps.Span(902, 1, "good"), new Span { Name = "no ids" }, new Span { TraceId = Otlps.Trace(902), SpanId = ByteString.CopyFrom(1, 2) });

        var (status, answer) = await dashboard.SendAsync("/v1/traces", request.ToByteArray());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, ExportResponse.Parser.ParseFrom(answer).PartialSuccess.Rejected);
        Assert.Single(View(902)!.Spans);
    }

    [Theory]
    [InlineData("/v1/traces", "wrong", "application/x-protobuf", null, "POST", HttpStatusCode.Unauthorized)]
    [InlineData("/v1/traces", null, "application/json", null, "POST", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/v1/traces", null, "application/x-protobuf", "br", "POST", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/v1/traces", null, "application/x-protobuf", null, "PUT", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/v1/profiles", null, "application/x-protobuf", null, "POST", HttpStatusCode.NotFound)]
    [InlineData("/v1/traces", null, "application/x-protobuf", Gzip, "POST", HttpStatusCode.BadRequest)]
    public async Task What_is_not_OTLP_is_refused_with_its_status(string path, string? key, string type, string? encoding, string method, HttpStatusCode expected)
    {
        var body = Otlps.Traces("refused", Otlps.Span(903, 1, "refused")).ToByteArray();

        var (status, answer) = await dashboard.SendAsync(path, body, key, type, encoding, new HttpMethod(method));

        Assert.Equal(expected, status);
        Assert.NotEmpty(Status.Parser.ParseFrom(answer).Message);
        Assert.Null(View(903));
    }

    [Theory]
    [InlineData("a length beyond the body", HttpStatusCode.BadRequest)]
    [InlineData("a negative length", HttpStatusCode.BadRequest)]
    [InlineData("a number without an end", HttpStatusCode.BadRequest)]
    [InlineData("half a message", HttpStatusCode.BadRequest)]
    [InlineData("values in values in values", HttpStatusCode.BadRequest)]
    [InlineData("text", HttpStatusCode.BadRequest)]
    [InlineData("more than is taken", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("a small body that unpacks to a large one", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("a packed body that breaks off", HttpStatusCode.BadRequest)]
    public async Task A_hostile_body_is_refused_and_the_next_one_taken(string what, HttpStatusCode expected)
    {
        var encoding = what.Contains("pack", StringComparison.Ordinal) ? Gzip : null;
        foreach (var path in new[] { "/v1/traces", "/v1/logs", "/v1/metrics" })
        {
            var (status, _) = await dashboard.SendAsync(path, Hostile(what), encoding: encoding);
            Assert.True(status == expected, $"{what} on {path}: {status}");
        }

        await dashboard.SendAsync("/v1/traces", Otlps.Traces("after", Otlps.Span(904, (ulong)what.Length, "after")));
    }

    [Theory]
    [InlineData("/v1/logs")]
    [InlineData("/v1/metrics")]
    public async Task A_body_of_very_many_attributes_and_very_many_records_is_taken(string path)
    {
        const int many = 400_000;
        var resource = new Resource();
        resource.Attributes.AddRange(Enumerable.Repeat(new KeyValue(), many));
        IMessage request = path == "/v1/logs"
            ? new ExportLogsRequest { ResourceLogs = { new ResourceLogs { Resource = resource, ScopeLogs = { new ScopeLogs { LogRecords = { Enumerable.Repeat(new LogRecord(), many) } } } } } }
            : new ExportMetricsRequest
            {
                ResourceMetrics =
                {
                    new ResourceMetrics
                    {
                        Resource = resource,
                        ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = "many", Gauge = new Gauge { DataPoints = { Enumerable.Repeat(new NumberPoint(), many) } } } } } },
                    },
                },
            };

        await dashboard.SendAsync(path, request);
    }

    private static byte[] Hostile(string what) => what switch
    {
        "a length beyond the body" => [0x0a, 0xff, 0xff, 0xff, 0xff, 0x07, 1],
        "a negative length" => [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        "a number without an end" => [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        "half a message" => Otlps.Traces("half", Otlps.Span(905, 1, "half")).ToByteArray()[..^5],
        // A resource's attribute: a value in a list in a value, and so on.
        "values in values in values" => Field(1, Field(1, Field(1, Field(2, Enumerable.Range(0, 300).Aggregate(Array.Empty<byte>(), (inner, _) => Field(5, Field(1, inner))))))),
        "text" => "GET / HTTP/1.1 and so on"u8.ToArray(),
        "more than is taken" => new byte[OtlpReceiver.MaxBytes + 1],
        "a small body that unpacks to a large one" => Packed(new byte[64 << 20]),
        _ => Packed(new byte[50_000])[..30],
    };

    [Fact]
    public async Task Bytes_changed_at_random_never_break_the_receiver()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var good = Otlps.Traces("changed", Otlps.Span(906, 1, "one", links: [(907, 1)]), Otlps.Span(906, 2, "two", parent: 1)).ToByteArray();
        for (var round = 0; round < 200; round++)
        {
            var body = good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var (status, _) = await dashboard.SendAsync(round % 3 == 0 ? "/v1/traces" : round % 3 == 1 ? "/v1/logs" : "/v1/metrics", body);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{status} in round {round} with seed {seed}");
        }

        foreach (var page in new[] { "/traces", "/structuredlogs", "/metrics" })
        {
            await dashboard.PageAsync(page);
        }
    }

    private TraceView? View(ulong trace) => dashboard.Telemetry.Read((traces, _, _) => traces.View(trace));

    /// <summary>A field of a message that holds bytes.</summary>
    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }

    private static byte[] Packed(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var packing = new GZipStream(stream, CompressionLevel.Fastest))
        {
            packing.Write(content);
        }

        return stream.ToArray();
    }
}
