using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Streaming.Dashboard.Api;

/// <summary>Writes events until the caller leaves or the host stops; each is flushed at once.</summary>
internal sealed class SseResult(Func<CancellationToken, IAsyncEnumerable<SseItem<object>>> events, CancellationToken stopping) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        httpContext.Response.ContentType = "text/event-stream";
        httpContext.Response.Headers.CacheControl = "no-cache,no-store";
        await httpContext.Response.Body.FlushAsync(ending.Token);
        try
        {
            await SseFormatter.WriteAsync(
                events(ending.Token), httpContext.Response.Body,
                (item, buffer) =>
                {
                    using var json = new Utf8JsonWriter(buffer);
                    JsonSerializer.Serialize(json, item.Data, item.Data.GetType(), ApiJson.Options);
                },
                ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The end: the caller has left, or the host stops.
        }
    }
}
