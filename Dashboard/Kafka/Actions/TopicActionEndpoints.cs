using Microsoft.AspNetCore.Mvc;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>Where the forms of the pages about Kafka are sent. Each answers with a redirection to a page, so that loading it again repeats nothing.</summary>
internal static class TopicActionEndpoints
{
    public const string Create = "actions/topics/create";
    public const string Delete = "actions/topics/delete";
    public const string Reset = "actions/groups/reset";

    private const int LargestForm = 128 * 1024;

    public static void MapTopicActions(this WebApplication app)
    {
        var actions = app.MapGroup("").AddEndpointFilter<RouteGroupBuilder, ActionAccess>().WithMetadata(new RequestSizeLimitAttribute(LargestForm)).ExcludeFromDescription();
        actions.MapPost(Create, async (HttpContext context, TopicActions topics) => SeeOther(
            context, await topics.CreateAsync(CreateTopicForm.From(await FormAsync(context)), context.RequestAborted)));
        actions.MapPost(Delete, async (HttpContext context, TopicActions topics) => SeeOther(
            context, await topics.DeleteAsync(DeleteTopicForm.From(await FormAsync(context)), context.RequestAborted)));
        actions.MapPost(Reset, async (HttpContext context, TopicActions topics) => SeeOther(
            context, await topics.ResetAsync(ResetGroupForm.From(await FormAsync(context)), context.RequestAborted)));
    }

    private static Task<IFormCollection> FormAsync(HttpContext context) => context.Request.ReadFormAsync(context.RequestAborted);

    private static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = context.Request.PathBase + path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
