using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Api;

/// <summary>What the screens use, for notebooks, spreadsheets and other services: reads only. The OpenAPI document says the rest.</summary>
internal static class ApiEndpoints
{
    public const string Document = "v1";

    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter(ApiProblems.AnswerAsync).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        var asked = api.MapGroup("").RequireRateLimiting(ApiRegistration.Questions);
        asked.MapGet("/pipelines", PipelinesAsync).WithName("pipelines").WithSummary("All pipelines");
        asked.MapGet("/pipelines/{pipeline}", PipelineAsync).WithName("pipeline").WithSummary("One pipeline");
        asked.MapGet("/windows", WindowsAsync).WithName("windows").WithSummary("Windows of a pipeline, merged over partitions")
            .WithDescription("Ordered by start, key, end. Open windows are there with is_final = false; those of hopping and cumulative kinds only once they are closed: the stream has the open ones.");
        asked.MapGet("/alerts", AlertsAsync).WithName("alerts").WithSummary("Alerts that began to fire or were resolved, newest first");
        api.MapGet("/windows/stream", StreamAsync).RequireRateLimiting(ApiRegistration.Streams).WithName("window-stream").WithSummary("Live windows of a pipeline as server-sent events")
            .WithDescription(
                "First all windows of the live range (event 'window' each), then 'ready', then each window that changes, whole. 'removed': it ceased to be. 'reset': a replay took over, all "
                + "that came before is void. 'state': whether the database can be read. 'heartbeat' every 15 s.")
            .Produces<WindowItem>(StatusCodes.Status200OK, "text/event-stream");
        app.MapOpenApi("/api/openapi.json");
        app.Map("/api/{**rest}", (string? rest) => ApiProblems.Of(ApiException.NotFound($"There is no /api/{rest}; /api/openapi.json says what there is."))).ExcludeFromDescription();
    }

    internal static WindowItem ItemOf(PipelineDescription description, MeasuredWindow row) => new(
        row.Window.Start, row.Window.End, row.Key, row.IsFinal, row.Late,
        [.. description.Measures.Measures.Select((measure, i) => new NamedMeasure(measure.Name, row.Value(i)))]);

    private static async Task<Ok<IReadOnlyList<PipelineItem>>> PipelinesAsync(PipelineReader reader, CancellationToken cancellationToken)
    {
        var (_, pipelines) = await reader.ListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<PipelineItem>>([.. pipelines.Select(ItemOf)]);
    }

    private static async Task<Ok<PipelineItem>> PipelineAsync([Description("Its name.")] string pipeline, PipelineReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(ItemOf(await FindAsync(reader, pipeline, cancellationToken)));

    private static async Task<Ok<WindowPage>> WindowsAsync(
        [FromQuery, Description("The pipeline's name. Required.")] string? pipeline,
        [FromQuery, Description("The kind of windows, such as 1m; the pipeline's first when left out.")] string? window,
        [FromQuery, Description("Only this key.")] string? key,
        [FromQuery, Description("First start, ISO 8601; an hour before 'to' when left out.")] string? from,
        [FromQuery, Description("End of the starts, ISO 8601; now when left out.")] string? to,
        [FromQuery, Description("In place of 'from': how long before 'to', such as 2h or 7d.")] string? last,
        [FromQuery, Description("Merge tumbling windows to slots of this length, a multiple of theirs, such as 1h: exactly, all measures.")] string? resolution,
        [FromQuery, Description("Most items of the page, 1 to 10000; 1000 when left out.")] string? limit,
        [FromQuery, Description("The 'next' of the page before.")] string? cursor,
        PipelineReader pipelines, WindowReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        var (start, end) = Parameters.Range(from, to, last, time.GetUtcNow());
        var question = new WindowQuestion(Parameters.Text("key", key), start, end, null, PageCursor.Parse(cursor, texts: 1), Parameters.Limit(limit));
        var (info, description, spec) = await ChooseAsync(pipelines, pipeline, window, cancellationToken);
        question = question with { Resolution = resolution is null ? null : ResolutionOf(spec, resolution) };
        var (windows, next) = await reader.ReadAsync(info, description, spec, question, cancellationToken);
        return TypedResults.Ok(new WindowPage(
            info.Name, spec.Name, resolution, start, end, info.SmallestWatermark(info.Generation), [.. windows.Select(row => ItemOf(description, row))], next?.Encode()));
    }

    private static async Task<Ok<AlertPage>> AlertsAsync(
        [FromQuery, Description("Only of this pipeline.")] string? pipeline,
        [FromQuery, Description("Only of this rule.")] string? rule,
        [FromQuery, Description("Only of this key.")] string? key,
        [FromQuery, Description("'firing': only alerts that fire now; 'all' (when left out): every transition of the range.")] string? state,
        [FromQuery, Description("First instant (event time), ISO 8601; an hour before 'to' when left out, or the beginning for state=firing.")] string? from,
        [FromQuery, Description("End, ISO 8601; now when left out.")] string? to,
        [FromQuery, Description("In place of 'from': how long before 'to', such as 2h or 7d.")] string? last,
        [FromQuery, Description("Most items of the page, 1 to 10000; 1000 when left out.")] string? limit,
        [FromQuery, Description("The 'next' of the page before.")] string? cursor,
        AlertReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        var isFiring = state is "firing" || (state is not (null or "all") ? throw ApiException.BadParameter("state", state, "firing, all") : false);
        var (start, end) = isFiring && from is null && last is null && to is null
            ? (DateTimeOffset.UnixEpoch, time.GetUtcNow().AddDays(1))
            : Parameters.Range(from, to, last, time.GetUtcNow());
        return TypedResults.Ok(await reader.ReadAsync(
            new AlertQuestion(
                Parameters.Text("pipeline", pipeline), Parameters.Text("rule", rule), Parameters.Text("key", key), isFiring, start, end,
                PageCursor.Parse(cursor, texts: 5), Parameters.Limit(limit)),
            cancellationToken));
    }

    private static async Task<IResult> StreamAsync(
        [FromQuery, Description("The pipeline's name. Required.")] string? pipeline,
        [FromQuery, Description("The kind of windows, such as 1m; the pipeline's first when left out.")] string? window,
        [FromQuery, Description("Only this key.")] string? key,
        PipelineReader pipelines, WindowEvents stream, HttpContext context, IHostApplicationLifetime lifetime)
    {
        _ = Parameters.Text("key", key);
        var (info, _, spec) = await ChooseAsync(pipelines, pipeline, window, context.RequestAborted);
        // A proxy that gathers bytes would hold events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return new SseResult(stop => stream.FollowAsync(info.Name, window is null ? null : spec.Name, key, stop), lifetime.ApplicationStopping);
    }

    private static async Task<(PipelineInfo Info, PipelineDescription Description, WindowSpec Spec)> ChooseAsync(
        PipelineReader reader, string? pipeline, string? window, CancellationToken cancellationToken)
    {
        var info = await FindAsync(reader, Parameters.Required("pipeline", pipeline, "a name out of /api/pipelines"), cancellationToken);
        var description = info.Description ?? throw new ApiException(
            StatusCodes.Status503ServiceUnavailable, "Not readable", $"The definition of '{info.Name}' is of another version, or is not there yet.");
        var spec = window is null ? description.Windows[0] : description.Windows.FirstOrDefault(w => w.Name == window)
            ?? throw ApiException.BadParameter("window", window, string.Join(", ", description.Windows.Select(w => w.Name)));
        return (info, description, spec);
    }

    private static async Task<PipelineInfo> FindAsync(PipelineReader reader, string pipeline, CancellationToken cancellationToken)
    {
        var (_, pipelines) = await reader.ListAsync(cancellationToken);
        return pipelines.FirstOrDefault(p => p.Name == pipeline) ?? throw ApiException.NotFound($"There is no pipeline of this name; there are: {string.Join(", ", pipelines.Select(p => p.Name))}.");
    }

    private static TimeSpan ResolutionOf(WindowSpec spec, string text)
    {
        if (spec is not TumblingWindows tumbling)
        {
            throw ApiException.BadParameter("resolution", text, $"only for tumbling windows, which '{spec.Name}' are not");
        }

        return Durations.TryParse(text) is { } resolution && resolution.Ticks % tumbling.Size.Ticks == 0 && resolution <= WindowSpecs.Longest
            ? resolution
            : throw ApiException.BadParameter("resolution", text, $"a multiple of {WindowSpecs.Word(tumbling.Size)}, at most {WindowSpecs.Word(WindowSpecs.Longest)}");
    }

    private static PipelineItem ItemOf(PipelineInfo info)
    {
        var plan = info.Description?.Measures;
        var shown = info.Shown;
        return new PipelineItem(
            info.Name, info.Title, info.Description?.Source, info.Description?.Key, [.. info.Description?.Windows.Select(w => w.Name) ?? []],
            [.. plan?.Measures.Select(m => new MeasureItem(m.Name, m.Kind.ToString().ToLowerInvariant(), m.Field < 0 ? null : plan.Fields[m.Field].Unit)) ?? []],
            [.. info.Description?.Steps.Select(s => new StepItem(s.Kind, s.Text)) ?? []], info.Generation, info.IsPaused, info.Building is not null,
            info.SmallestWatermark(info.Generation), shown.IsEmpty || shown.Any(p => p.Lag is null) ? null : shown.Sum(p => p.Lag), shown.Sum(p => p.Events),
            shown.Sum(p => p.Late), shown.Sum(p => p.Rejected), shown.Sum(p => p.Filtered), shown.IsEmpty ? null : shown.Max(p => p.UpdatedAt));
    }
}
