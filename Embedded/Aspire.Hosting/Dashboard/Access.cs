using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Dashboard.Pages;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard;

/// <summary>Who may see and do what: the login with the token that the AppHost prints, and what browsers are told not to do with the pages.</summary>
internal sealed class Access(DashboardSettings settings)
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Cookies are shared by all ports of a host: the port in the name keeps two AppHosts apart.
    private readonly string _cookie = $".Aspire.Dashboard.Auth.{new Uri(settings.Url).Port}";
    private readonly string _session = DashboardSettings.NewKey();

    /// <summary>Forms carry it; other sites, which could make a browser post one, do not know it.</summary>
    public string FormToken { get; } = DashboardSettings.NewKey();

    /// <summary>Names under which this machine reaches itself: a name that somebody has pointed here (DNS rebinding) is none of them.</summary>
    public static bool IsLoopback(string host) =>
        host is "127.0.0.1" or "[::1]" || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Compares in a time that tells nothing about where they differ.</summary>
    public static bool IsSame(string? given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    public static void Protect(IHeaderDictionary headers)
    {
        (headers.ContentSecurityPolicy, headers.XContentTypeOptions, headers.XFrameOptions, headers.CacheControl) = (ContentSecurityPolicy, "nosniff", "DENY", "no-store");
        headers["Referrer-Policy"] = "no-referrer"; // The login's address holds the token.
    }

    public bool IsLoggedIn(HttpRequest request) => settings.Token is null || IsSame(request.Cookies[_cookie], _session);

    /// <summary>Leads a person to the login, and refuses everybody else.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        var isPerson = HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        context.Response.StatusCode = isPerson ? StatusCodes.Status302Found : StatusCodes.Status401Unauthorized;
        context.Response.Headers.Location = isPerson ? $"/login?returnUrl={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}" : default;
        return Task.CompletedTask;
    }

    /// <summary>The token comes in the address that the AppHost prints, or in the login page's form.</summary>
    public async Task LoginAsync(HttpContext context)
    {
        var form = await FormAsync(context).ConfigureAwait(false);
        var given = $"{form["t"]}{context.Request.Query["t"]}";
        var returnUrl = LocalUrl($"{form["returnUrl"]}{context.Request.Query["returnUrl"]}");
        if (settings.Token is null || IsSame(given, settings.Token))
        {
            context.Response.Cookies.Append(_cookie, _session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
            context.Response.Redirect(returnUrl);
            return;
        }

        context.Response.StatusCode = given.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
        await Layout.LoginPage(returnUrl, isWrong: given.Length > 0).SendAsync(context).ConfigureAwait(false);
    }

    /// <summary>What was posted; nothing where that is no form, or one of more fields than any of these pages has.</summary>
    public static async Task<IFormCollection> FormAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false) : FormCollection.Empty;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return FormCollection.Empty;
        }
    }

    /// <summary>Only within this site: <c>//host</c> and <c>/\host</c> would lead out of it.</summary>
    private static string LocalUrl(string url) => url is ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl) ? url : "/";
}
