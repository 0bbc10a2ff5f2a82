using Microsoft.AspNetCore.RateLimiting;

namespace Streaming.Dashboard.Api;

/// <summary>Registers what the API stands on.</summary>
internal static class ApiRegistration
{
    /// <summary>The limit of questions: so many at once, so many that wait.</summary>
    public const string Questions = "api-questions";

    /// <summary>The limit of streams.</summary>
    public const string Streams = "api-streams";

    private const int QuestionsAtOnce = 8;
    private const int QuestionsWaiting = 64;
    private const int StreamsAtOnce = 200;

    public static void AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.AddOpenApi(ApiEndpoints.Document, options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Streaming: results";
            document.Info.Description = "Windows, alerts and pipelines, as the Dashboard shows them. Reads only.";
            return Task.CompletedTask;
        }));
        services.AddSingleton<WindowReader>();
        services.AddSingleton<AlertReader>();
        services.AddSingleton<WindowEvents>();
        services.AddRateLimiter(limits =>
        {
            limits.AddConcurrencyLimiter(Questions, limit => (limit.PermitLimit, limit.QueueLimit) = (QuestionsAtOnce, QuestionsWaiting));
            limits.AddConcurrencyLimiter(Streams, limit => (limit.PermitLimit, limit.QueueLimit) = (StreamsAtOnce, 0));
            limits.OnRejected = async (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "5";
                await ApiProblems.Of(new ApiException(StatusCodes.Status429TooManyRequests, "Too many at once", "Too many questions or streams are open: try again later."))
                    .ExecuteAsync(rejected.HttpContext);
            };
        });
    }
}
