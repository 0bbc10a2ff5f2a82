using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Streaming.ServiceDefaults.Tests;

/// <summary>An OTLP/HTTP collector on a free loopback port that keeps what it is sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

    private Collector(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new Collector(app);
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            collector._received.Enqueue((signal, Encoding.Latin1.GetString(body.ToArray())));
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>Everything received so far for <paramref name="signal"/> ("traces", "metrics", "logs"), protobuf as Latin-1 text.</summary>
    public string Received(string signal) => string.Concat(_received.Where(post => post.Path == signal).Select(post => post.Body));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
