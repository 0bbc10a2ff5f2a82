using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>Every replica of every resource: its state, where it is reached, what can be done with it; the environment of the chosen one.</summary>
internal static class ResourcesPage
{
    public static Action<HtmlWriter> Render(List<ResourceEvent> replicas, string chosen, Secrets secrets, string? outcome, string formToken) => html =>
    {
        html.Add($"<p id=\"outcome\" data-live role=\"status\">{outcome}</p>{Layout.Live("resources", "Resources", "Name|Type|State|Started|Endpoints|Actions", rows =>
            replicas.ForEach(replica => Row(rows, replica, replicas.Count(other => other.Resource == replica.Resource), formToken)))}");
        foreach (var replica in replicas.Where(replica => replica.ResourceId == chosen))
        {
            html.Add($"<section id=\"details\" aria-labelledby=\"details-title\"><h2 id=\"details-title\">Environment of {chosen}</h2>");
            html.Add($"{Shown.Tags(replica.Snapshot.Properties.Select(property => new Otlp.Tag(property.Name, property.IsSensitive ? Secrets.Mask : $"{property.Value}")))}");
            html.Add($"{Shown.Tags(secrets.EnvironmentOf(chosen))}</section>");
        }
    };

    private static void Row(HtmlWriter html, ResourceEvent replica, int count, string formToken)
    {
        var (resource, id, snapshot) = (replica.Resource, replica.ResourceId, replica.Snapshot);
        html.Add($"<tr><th scope=\"row\"><a href=\"/?resource={Uri.EscapeDataString(id)}#details\">{resource.Name}</a>");
        html.Add($"<small>{(count > 1 ? $"{id}, one of {count} replicas" : resource is IResourceWithParent { Parent.Name: var parent } ? $"in {parent}" : "")}</small></th>");
        html.Add($"<td>{snapshot.ResourceType}</td><td>{State(snapshot)}</td><td>{snapshot.StartTimeStamp?.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture)}</td><td>");
        foreach (var url in snapshot.Urls.Select(url => url.Url))
        {
            html.Add($"{(url.StartsWith("http", StringComparison.Ordinal) ? link => link.Add($"<a href=\"{url}\" rel=\"noreferrer\">{url}</a> ") : text => text.Add($"{url} "))}");
        }

        html.Add($"</td><td class=\"actions\"><a href=\"{ConsolePage.UrlOf(count > 1 ? id : resource.Name)}\" aria-label=\"Console of {id}\">Console</a>");
        html.Add($"{(resource.HasAnnotationOfType<ResourceCommandAnnotation>() ? Commands(id, snapshot.State?.Text ?? "", formToken) : null)}</td></tr>");
    }

    private static Action<HtmlWriter> State(CustomResourceSnapshot snapshot) => html =>
    {
        var (state, isRunning) = (snapshot.State?.Text, snapshot.State?.Text == KnownResourceStates.Running);
        var problem = snapshot.HealthReports.FirstOrDefault(report => isRunning && report.Status != HealthStatus.Healthy);
        var kind = isRunning && problem is null ? "good" : state == KnownResourceStates.FailedToStart || snapshot.ExitCode is not (null or 0) ? "bad" : "busy";
        html.Add($"<span class=\"state {kind}\">{state}</span> {(!isRunning || snapshot.HealthReports.Length == 0 ? "" : problem is null ? "Healthy" : "Not healthy")}");
        html.Add($"<small>{(!isRunning && snapshot.ExitCode is { } code ? $"exit code {code}" : problem?.Description)}</small>");
    };

    private static Action<HtmlWriter> Commands(string id, string state, string formToken) => html =>
    {
        html.Add($"<form method=\"post\" action=\"/commands\"><input type=\"hidden\" name=\"token\" value=\"{formToken}\"><input type=\"hidden\" name=\"resource\" value=\"{id}\">");
        var isOver = state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
        foreach (var title in isOver ? new[] { "Start" } : ["Stop", "Restart"])
        {
            html.Add($"<button name=\"command\" value=\"resource-{title.ToLowerInvariant()}\" aria-label=\"{title} {id}\">{title}</button>");
        }

        html.Add($"</form>");
    };
}
