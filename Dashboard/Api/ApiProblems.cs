using Npgsql;

namespace Streaming.Dashboard.Api;

/// <summary>Errors of the API as problem documents (RFC 9457). What they say names no host, table or statement.</summary>
internal static partial class ApiProblems
{
    /// <summary>A problem as an answer.</summary>
    public static IResult Of(ApiException problem) => TypedResults.Problem(problem.Message, statusCode: problem.Status, title: problem.Title);

    /// <summary>Makes answers of what endpoints throw.</summary>
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ApiException problem)
        {
            return Of(problem);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException && !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            Fails(context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Streaming.Dashboard.Api"), context.HttpContext.Request.Path, e.Message);
            context.HttpContext.Response.Headers.RetryAfter = "5";
            return Of(new ApiException(
                StatusCodes.Status503ServiceUnavailable, "No answer", e is NpgsqlException { InnerException: TimeoutException }
                    ? "The database took too long: ask for a shorter range, one key, or a coarser kind of windows."
                    : "The database cannot be read now; try again."));
        }
    }

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "{Path} cannot be answered: {Reason}")]
    private static partial void Fails(ILogger logger, string path, string reason);
}
