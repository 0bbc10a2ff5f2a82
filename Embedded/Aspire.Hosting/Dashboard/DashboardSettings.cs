using System.Security.Cryptography;
using Aspire.Hosting.Dashboard.Otlp;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Where the pages are and where telemetry is received, the token that a browser logs in with and the key that exporters send (null where none is
/// asked for), under the names that the official package reads; and its ports, as other AppHosts of this machine see them.
/// </summary>
internal sealed record DashboardSettings(string Url, string OtlpUrl, string? Token, string? OtlpKey, PortClaims? Claims = null)
{
    public const string UrlName = "ASPNETCORE_URLS", OtlpUrlName = "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL";
    private const string TokenName = "AppHost:BrowserToken", OtlpKeyName = "AppHost:OtlpApiKey";

    /// <summary>What the AppHost prints for its user to open.</summary>
    public string LoginUrl => Token is null ? Url : $"{Url}/login?t={Uri.EscapeDataString(Token)}";

    /// <summary>Adds the dashboard to an application.</summary>
    public static void AddDashboard(HostApplicationBuilder host)
    {
        host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning); // Not a line for each request.
        host.Services.AddSingleton(Read(host.Configuration)).AddSingleton(new Telemetry(new(50_000, 32 << 20), new(10_000, 16 << 20), new(10_000, 16 << 20)))
            .AddSingleton<SiteServices>().AddSingleton<DashboardServer>();
    }

    /// <summary>Reads the settings; what it chooses itself goes back into the configuration, where the resources' environment is made from it.</summary>
    public static DashboardSettings Read(ConfigurationManager configuration)
    {
        var open = Configured(configuration, "DASHBOARD_UNSECURED_ALLOW_ANONYMOUS") is { } value && bool.TryParse(value, out var parsed) && parsed;
        var randomPorts = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        var claims = new PortClaims();
        var settings = new DashboardSettings(
            claims.Unclaimed(Address(randomPorts, configuration[UrlName])),
            claims.Unclaimed(Address(randomPorts, Configured(configuration, "DASHBOARD_OTLP_HTTP_ENDPOINT_URL"))),
            open ? null : Configured(configuration, "DASHBOARD_FRONTEND_BROWSERTOKEN") ?? Text(configuration[TokenName]) ?? NewKey(),
            open ? null : Text(configuration[OtlpKeyName]) ?? NewKey(), claims);
        configuration.AddInMemoryCollection([new(UrlName, settings.Url), new(OtlpUrlName, settings.OtlpUrl), new(TokenName, settings.Token), new(OtlpKeyName, settings.OtlpKey)]);
        return settings;
    }

    /// <summary>The port of an address.</summary>
    /// <exception cref="DistributedApplicationException">It is no address on this machine's loopback.</exception>
    public static int Port(string setting, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && Access.IsLoopback(address.Host) ? address.Port
        : throw new DistributedApplicationException($"The dashboard cannot listen on '{url}' ({setting}): here it is http on loopback only, for example http://localhost:15080.");

    public static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The first http address; any free port where there is none, or where ports are to be random.</summary>
    private static string Address(bool random, string? urls) =>
        (random ? null : urls?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))?
            .MaxBy(url => url.StartsWith("http:", StringComparison.OrdinalIgnoreCase))?.TrimEnd('/') ?? $"http://localhost:{FreePorts.Take()}";

    private static string? Configured(ConfigurationManager configuration, string name) => Text(configuration[$"ASPIRE_{name}"]) ?? Text(configuration[$"DOTNET_{name}"]);

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
