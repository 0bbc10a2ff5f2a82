using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Dashboard.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Dashboard;

/// <summary>What the pages show.</summary>
internal sealed record SiteServices(
    ResourceNotificationService Notifications, ResourceLoggerService Logs, ResourceCommandService Commands, DistributedApplicationModel Model,
    Telemetry Telemetry, Secrets Secrets, IHostEnvironment Environment, IHostApplicationLifetime Lifetime);

/// <summary>The pages, under the addresses that the official dashboard has.</summary>
internal sealed class Site(SiteServices services, Access access, Commands commands)
{
    private const int MaxFormBytes = 16 * 1024;

    private List<ResourceEvent> Replicas => [.. services.Model.Resources.SelectMany(resource =>
        services.Notifications.Current.Where(replica => replica.Resource == resource).OrderBy(replica => replica.ResourceId, StringComparer.Ordinal))];

    /// <summary>All replicas of a resource write under its name, and each of several under its id.</summary>
    private List<string> LogNames => [.. Replicas.GroupBy(replica => replica.Resource.Name)
        .SelectMany(all => all.Count() > 1 ? all.Select(replica => replica.ResourceId).Prepend(all.Key) : [all.Key])];

    public Task HandleAsync(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxFormBytes;
        var segments = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments switch
        {
            ["login"] => access.LoginAsync(context),
            ["assets", var asset] => AssetAsync(context, asset),
            _ when !access.IsLoggedIn(context.Request) => Access.RefuseAsync(context),
            ["commands"] when HttpMethods.IsPost(context.Request.Method) => CommandAsync(context),
            _ when HttpMethods.IsGet(context.Request.Method) => GetAsync(context, segments),
            _ => TellAsync(context, StatusCodes.Status405MethodNotAllowed, "Nothing can be done there."),
        };
    }

    private Task GetAsync(HttpContext context, string[] segments)
    {
        var resource = segments is [_, "resource", var name] ? name : context.Request.Query["resource"].ToString();
        var telemetry = new TelemetryPages(
            services.Telemetry, [.. services.Model.Resources.OfType<ProjectResource>().Select(project => project.Name)], resource, context.Request.Query);
        return segments switch
        {
            [] => PageAsync(context, "/", "Resources", ResourcesPage.Render(Replicas, resource, services.Secrets, commands.Outcome, access.FormToken)),
            ["consolelogs"] or ["consolelogs", "resource", _] => PageAsync(context, "/consolelogs", "Console", ConsolePage.Render(LogNames, resource)),
            ["consolelogs", "stream", var id] when LogNames.Contains(id) => ConsolePage.StreamAsync(context, services.Logs, id, services.Lifetime.ApplicationStopping),
            ["structuredlogs", ..] => PageAsync(context, "/structuredlogs", "Logs", telemetry.Logs),
            ["traces", "detail", var id] => TraceAsync(context, id, context.Request.Query["spanId"]),
            ["traces", ..] => PageAsync(context, "/traces", "Traces", telemetry.Traces),
            ["metrics", ..] => PageAsync(context, "/metrics", "Metrics", telemetry.Metrics),
            _ => TellAsync(context, StatusCodes.Status404NotFound, "There is no such page."),
        };
    }

    private Task TraceAsync(HttpContext context, string id, string? span)
    {
        var isId = UInt128.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var traceId);
        var view = isId ? services.Telemetry.Read((traces, _, _) => traces.View(traceId)) : null;
        context.Response.StatusCode = view is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        return PageAsync(context, "/traces", "Trace", view is not null ? new TracePage(services.Telemetry, view).Render(span) : html => html.Add(
            $"<p>This trace is not kept: its spans have not come yet, were not sampled, or have given way to newer ones.</p>"));
    }

    private async Task CommandAsync(HttpContext context)
    {
        var form = await Access.FormAsync(context).ConfigureAwait(false);
        if (!Access.IsSame(form["token"], access.FormToken))
        {
            await TellAsync(context, StatusCodes.Status400BadRequest, "This form is not of this run's pages: load the page again.").ConfigureAwait(false);
            return;
        }

        await commands.RunAsync(form["resource"].ToString(), form["command"].ToString()).ConfigureAwait(false);
        context.Response.Redirect("/");
    }

    /// <summary>Style, script and icon, which lie in the assembly.</summary>
    private static async Task AssetAsync(HttpContext context, string name)
    {
        await using var asset = typeof(Site).Assembly.GetManifestResourceStream($"dashboard/{name}") ?? Stream.Null;
        context.Response.StatusCode = asset == Stream.Null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        context.Response.ContentType = Path.GetExtension(name) switch { ".css" => "text/css", ".js" => "text/javascript", _ => "image/svg+xml" };
        await asset.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Answers with a sentence only.</summary>
    public static Task TellAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(sentence, context.RequestAborted);
    }

    private Task PageAsync(HttpContext context, string url, string title, Action<HtmlWriter> content) => Layout.Page(services.Environment.ApplicationName, url, title, content).SendAsync(context);
}
