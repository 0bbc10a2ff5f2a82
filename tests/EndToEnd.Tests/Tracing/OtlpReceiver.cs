using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.Dashboard.Otlp;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Streaming.EndToEnd.Tests.Tracing;

/// <summary>A span as a service has sent it; ids in hexadecimal.</summary>
internal sealed record ReceivedSpan(
    string Service, string Source, string Name, string TraceId, string SpanId, string ParentId, SpanKind Kind, bool IsError, IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<(string TraceId, string SpanId)> Links)
{
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    public bool IsLinkedTo(ReceivedSpan other) => Links.Contains((other.TraceId, other.SpanId));

    public bool IsBelow(ReceivedSpan other) => (TraceId, ParentId) == (other.TraceId, other.SpanId);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service,-10} {Name,-26} {Kind,-8} trace {TraceId} span {SpanId}");
}

/// <summary>What an OTLP collector is to the services: takes traces over HTTP/protobuf on a free loopback port, and keeps them; logs and metrics are taken and forgotten.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.Single();

    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.MapPost("/v1/traces", (Delegate)receiver.TakeAsync);
        app.MapPost("/v1/{signal}", () => Results.Bytes([], "application/x-protobuf"));
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        foreach (var service in ExportTraceRequest.Parser.ParseFrom(body.ToArray()).ResourceSpans)
        {
            var name = Texts(service.Resource.Attributes).GetValueOrDefault("service.name", "?");
            foreach (var source in service.ScopeSpans)
            {
                foreach (var span in source.Spans)
                {
                    _spans.Enqueue(Received(name, source.Scope.Name, span));
                }
            }
        }

        return Results.Bytes(new ExportResponse().ToByteArray(), "application/x-protobuf");
    }

    private static ReceivedSpan Received(string service, string source, Span span) => new(
        service, source, span.Name, Hex(span.TraceId), Hex(span.SpanId), Hex(span.ParentSpanId), span.Kind, span.Status?.Code == StatusCode.Error, Texts(span.Attributes),
        [.. span.Links.Select(link => (Hex(link.TraceId), Hex(link.SpanId)))]);

    private static Dictionary<string, string> Texts(IEnumerable<KeyValue> attributes) => attributes
        .GroupBy(attribute => attribute.Key)
        .ToDictionary(attribute => attribute.Key, attribute => attribute.First().Value switch
        {
            { ValueCase: AnyValue.ValueOneofCase.StringValue } text => text.StringValue,
            { ValueCase: AnyValue.ValueOneofCase.IntValue } number => number.IntValue.ToString(CultureInfo.InvariantCulture),
            var other => other.ToString(),
        });

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
