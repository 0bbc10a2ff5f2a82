using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>What a resource writes, line by line as it comes.</summary>
internal static partial class ConsolePage
{
    private const int MaxLines = 1000, MaxLength = 4000;

    public static Action<HtmlWriter> Render(List<string> names, string chosen) => html =>
    {
        html.Add($"<nav class=\"tabs\" aria-label=\"Resources\">{Layout.Links(names.Select(name => (UrlOf(name), name)), UrlOf(chosen))}</nav>");
        if (names.Contains(chosen))
        {
            html.Add($"<ol id=\"console\" role=\"log\" tabindex=\"0\" aria-label=\"Lines of {chosen}\" data-stream=\"/consolelogs/stream/{Uri.EscapeDataString(chosen)}\"></ol>");
        }
    };

    public static string UrlOf(string name) => $"/consolelogs/resource/{Uri.EscapeDataString(name)}";

    /// <summary>The last lines and every further one as server-sent events: arrays of number, text, and whether it came on standard error.</summary>
    public static async Task StreamAsync(HttpContext context, ResourceLoggerService logs, string name, CancellationToken ending)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ending, context.RequestAborted);
        context.Response.ContentType = "text/event-stream";
        try
        {
            await context.Response.StartAsync(over.Token).ConfigureAwait(false);
            await foreach (var lines in logs.WatchAsync(name).WithCancellation(over.Token).ConfigureAwait(false))
            {
                var shown = lines.TakeLast(MaxLines).Select(line => new object[] { line.LineNumber, Plain(line.Content), line.IsErrorMessage });
                await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(shown)}\n\n", over.Token).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(over.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser has gone, or the AppHost ends.
        }
    }

    private static string Plain(string line) => Escapes().Replace(line.Length > MaxLength ? string.Concat(line.AsSpan(0, MaxLength), "…") : line, "");

    /// <summary>What colours a terminal (ECMA-48, control sequences).</summary>
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]")]
    private static partial Regex Escapes();
}
