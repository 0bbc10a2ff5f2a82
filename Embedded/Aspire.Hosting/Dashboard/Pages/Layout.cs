namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>What all pages have around them, and the parts that they are made of.</summary>
internal static class Layout
{
    private static readonly (string Url, string Title)[] s_pages =
        [("/", "Resources"), ("/consolelogs", "Console"), ("/structuredlogs", "Logs"), ("/traces", "Traces"), ("/metrics", "Metrics")];

    public static HtmlWriter Page(string application, string url, string title, Action<HtmlWriter> content) => Document($"{title} – {application}", body => body.Add(
        $"""
        <header><a class="brand" href="/">{application}</a><nav aria-label="Pages">{Links(s_pages, url)}</nav><p id="connection" role="status"></p></header>
        <main><h1>{title}</h1>{content}</main>
        """));

    /// <summary>Where one logs in.</summary>
    public static HtmlWriter LoginPage(string returnUrl, bool isWrong) => Document("Login", body => body.Add(
        $"""
        <main class="login"><h1>Login</h1><p>The AppHost has printed a token: the part after <code>t=</code> of “Login to the dashboard at …”.</p>
        <form method="post" action="/login"><input type="hidden" name="returnUrl" value="{returnUrl}">
        <label>Token <input name="t" type="password" autocomplete="off" required></label> <button>Log in</button>
        <p role="alert">{(isWrong ? "That is not the token of this run." : "")}</p></form></main>
        """));

    /// <summary>Links to pages, the present one marked.</summary>
    public static Action<HtmlWriter> Links(IEnumerable<(string Url, string Title)> pages, string url) => html =>
    {
        foreach (var page in pages)
        {
            html.Add($"<a href=\"{page.Url}\"{(page.Url == url ? current => current.Add($" aria-current=\"page\"") : null)}>{page.Title}</a>");
        }
    };

    /// <summary>A table that the page's script renews every two seconds.</summary>
    public static Action<HtmlWriter> Live(string id, string label, string columns, Action<HtmlWriter> rows) => html =>
    {
        html.Add($"<div id=\"{id}\" data-live class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table><caption>{label}</caption><thead><tr>");
        foreach (var column in columns.Split('|'))
        {
            html.Add($"<th scope=\"col\">{column}</th>");
        }

        html.Add($"</tr></thead><tbody>{rows}</tbody></table></div>");
    };

    /// <summary>A choice in a form of filters; an empty value stands for all.</summary>
    public static Action<HtmlWriter> Choice(string name, string label, IEnumerable<string> values, string chosen) => html =>
    {
        html.Add($"<label>{label} <select name=\"{name}\">");
        foreach (var value in values)
        {
            html.Add($"<option value=\"{value}\"{(value == chosen ? option => option.Add($" selected") : null)}>{(value.Length == 0 ? "all" : value)}</option>");
        }

        html.Add($"</select></label>");
    };

    public static Action<HtmlWriter> Text(string name, string label, string value) => html => html.Add($"<label>{label} <input name=\"{name}\" value=\"{value}\" maxlength=\"200\"></label> ");

    /// <summary>Says how much is kept, and that older things are not.</summary>
    public static Action<HtmlWriter> Kept(int count, long bytes, long dropped, string what) => html =>
        html.Add($"<p class=\"kept\">{count:#,0} {what} kept ({bytes / 1048576.0:0.0} MiB), {dropped:#,0} older ones dropped.</p>");

    private static HtmlWriter Document(string title, Action<HtmlWriter> body) => new HtmlWriter().Add(
        $"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
        <link rel="icon" href="/assets/icon.svg"><link rel="stylesheet" href="/assets/dashboard.css"><script src="/assets/dashboard.js" defer></script></head><body>{body}</body></html>
        """);
}
