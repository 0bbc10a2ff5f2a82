using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>
/// Who may change something: only where it is switched on, and only from a form of these pages, by its antiforgery token. That another site cannot load such a form
/// under a name that it makes resolve to this machine is the business of <c>AllowedHosts</c>, which holds for every request.
/// </summary>
internal sealed class ActionAccess(IOptions<DashboardOptions> options, IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        if (!options.Value.TopicActions)
        {
            return Refused(StatusCodes.Status403Forbidden, $"Topics and groups cannot be changed here: {DashboardOptions.Section}:{nameof(DashboardOptions.TopicActions)} is false.");
        }

        if (!request.HasFormContentType)
        {
            return Refused(StatusCodes.Status415UnsupportedMediaType, "This takes forms.");
        }

        try
        {
            await antiforgery.ValidateRequestAsync(context.HttpContext);
        }
        catch (AntiforgeryValidationException)
        {
            return Refused(StatusCodes.Status400BadRequest, "This form is too old, too large, or did not come from this server's pages. Load the page again and repeat.");
        }

        return await next(context);
    }

    private static IResult Refused(int status, string text) => Results.Text(text, statusCode: status);
}
