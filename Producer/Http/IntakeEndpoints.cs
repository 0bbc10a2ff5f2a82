using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Streaming.Producer.Http;

/// <summary><c>POST /events/{topic}</c> and <c>POST /events/{topic}/batch</c>; docs/import.md describes them.</summary>
public static class IntakeEndpoints
{
    private const int ClientClosedRequest = 499;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Adds what takes events in; section <c>Producer:Http</c>, checked at start.</summary>
    public static IHostApplicationBuilder AddEventIntake(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IValidateOptions<IntakeOptions>, IntakeOptions.Validator>();
        builder.Services.AddOptions<IntakeOptions>().BindConfiguration(IntakeOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IntakeTopics>();
        builder.Services.AddSingleton<InFlight>();
        builder.Services.AddSingleton<IntakeProducer>();
        builder.Services.AddSingleton<IntakeSender>();
        return builder;
    }

    /// <summary>Maps the endpoints. Where no topic is open they answer 404 with the setting that opens one.</summary>
    public static IEndpointRouteBuilder MapEventIntake(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var events = app.MapGroup("/events/{topic}").AddEndpointFilter<IntakeAccess>();
        events.MapPost("", (string topic, HttpContext http, IntakeSender sender) => AnswerAsync(http, async () => await sender.SendAsync(topic, http)));
        events.MapPost("/batch", (string topic, HttpContext http, IntakeSender sender) => AnswerAsync(http, async () => await sender.SendBatchAsync(topic, Skips(http.Request), http)));
        return app;
    }

    private static bool Skips(HttpRequest request) => request.Query["on-error"].ToString() switch
    {
        "" or "stop" => false,
        "skip" => true,
        _ => throw IntakeRefusal.BadRequest("on-error is stop or skip."),
    };

    private static async Task<IResult> AnswerAsync<T>(HttpContext http, Func<Task<T>> work)
    {
        try
        {
            return Results.Json(await work(), Json);
        }
        catch (IntakeRefusal refusal)
        {
            return refusal.ToResult(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read it; the number is for the log.
            return Results.StatusCode(ClientClosedRequest);
        }
    }
}
