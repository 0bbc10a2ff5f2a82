using Streaming.Embedded.SchemaRegistry.Rules;

namespace Streaming.Embedded.SchemaRegistry.Api;

/// <summary>Turns what goes wrong into the interface's errors. Nothing of the inside is told.</summary>
internal static class ErrorAnswers
{
    public static void UseErrorAnswers(this IApplicationBuilder app, ILogger logger)
    {
        app.Use(next => async context =>
        {
            try
            {
                await next(context).ConfigureAwait(false);
                if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                {
                    await AnswerAsync(context, new RegistryException(context.Response.StatusCode, $"HTTP {context.Response.StatusCode}")).ConfigureAwait(false);
                }
            }
            catch (RegistryException e)
            {
                await AnswerAsync(context, e).ConfigureAwait(false);
            }
            catch (BadHttpRequestException e)
            {
                await AnswerAsync(context, new RegistryException(e.StatusCode, e.Message)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                // Nobody is there any more.
            }
            catch (Exception e) when (!context.Response.HasStarted)
            {
                Log.RequestFailed(logger, e);
                await AnswerAsync(context, new RegistryException(StatusCodes.Status500InternalServerError, "Internal server error")).ConfigureAwait(false);
            }
        });
    }

    private static Task AnswerAsync(HttpContext context, RegistryException error) => Answers.Error(error).ExecuteAsync(context);
}
