using System.Data.Common;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;

namespace Streaming.Aggregator.Control;

/// <summary>The administration endpoint. docs/semantics.md, "Control endpoint", describes it.</summary>
public static class ControlEndpoints
{
    private const int LargestBody = 4096;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Maps <c>/control</c>, unless it is switched off.</summary>
    public static IEndpointRouteBuilder MapControl(this IEndpointRouteBuilder app)
    {
        if (!app.ServiceProvider.GetRequiredService<IOptions<ControlOptions>>().Value.Enabled)
        {
            return app;
        }

        var control = app.MapGroup("/control/pipelines").AddEndpointFilter<ControlAccess>();
        control.MapGet("/", (PipelineControl all, CancellationToken ct) => AnswerAsync(async () => await all.ReportAsync(ct)));
        Map<Empty>(control, "/{name}/pause", (all, pipeline, _, _, who, ct) => all.SetPausedAsync(pipeline, isPaused: true, who, ct));
        Map<Empty>(control, "/{name}/resume", (all, pipeline, _, _, who, ct) => all.SetPausedAsync(pipeline, isPaused: false, who, ct));
        Map<Empty>(control, "/{name}/cancel-replay", (all, pipeline, _, _, who, ct) => all.CancelReplayAsync(pipeline, who, ct));
        Map<ReplayBody>(control, "/{name}/replay", (all, pipeline, body, _, who, ct) => all.ReplayAsync(pipeline, body.From, who, ct));
        Map<GapBody>(control, "/{name}/partitions/{partition:int}/accept-gap",
            (all, pipeline, body, partition, who, ct) => all.AcceptGapAsync(pipeline, partition!.Value, body.Generation, body.NextOffset, who, ct));
        return app;
    }

    private delegate Task<ActionReport> Action<TBody>(
        PipelineControl control, PipelineDefinition pipeline, TBody body, int? partition, string who, CancellationToken cancellationToken);

    private static void Map<TBody>(RouteGroupBuilder group, string pattern, Action<TBody> action)
        where TBody : new() => group.MapPost(pattern, async (string name, int? partition, HttpContext http, PipelineControl control) =>
    {
        if (control.Find(name) is not { } pipeline)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"There is no pipeline '{name}'.");
        }

        TBody body;
        try
        {
            body = await ReadAsync<TBody>(http.Request, http.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: $"The body cannot be read: {e.Message}");
        }

        var who = http.Connection.RemoteIpAddress?.ToString() ?? "somebody";
        return await AnswerAsync(async () => await action(control, pipeline, body, partition, who, http.RequestAborted));
    });

    /// <summary>An empty body is <c>{}</c>; no more than a few kilobytes are read.</summary>
    private static async Task<TBody> ReadAsync<TBody>(HttpRequest request, CancellationToken cancellationToken)
        where TBody : new()
    {
        var buffer = new byte[LargestBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > LargestBody ? throw new JsonException($"it is longer than {LargestBody} bytes")
            : length == 0 ? new TBody()
            : JsonSerializer.Deserialize<TBody>(buffer.AsSpan(0, length), Json) ?? new TBody();
    }

    private static async Task<IResult> AnswerAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return Results.Json(await work(), Json);
        }
        catch (ControlRefusedException e)
        {
            return Results.Problem(statusCode: StatusCodes.Status409Conflict, detail: e.Message);
        }
        catch (Exception e) when (e is KafkaException { Error.IsFatal: false } || (e is DbException && CheckpointErrors.MayPass(e)))
        {
            return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, detail: e.Message);
        }
    }

    private sealed record Empty;

    private sealed record ReplayBody
    {
        /// <summary>From when on; null: from the earliest record.</summary>
        public DateTimeOffset? From { get; init; }
    }

    private sealed record GapBody
    {
        /// <summary>Which generation; null: the active one.</summary>
        public int? Generation { get; init; }

        /// <summary>Where to go on; null: at the log's start.</summary>
        public long? NextOffset { get; init; }
    }
}
