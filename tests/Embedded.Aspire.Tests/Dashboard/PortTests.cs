using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Streaming.Embedded.Aspire.Tests.Hosting;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

public sealed partial class PortTests
{
    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL")]
    public async Task A_port_that_is_taken_ends_the_run_before_anything_has_started(string setting)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var run = AppHostRun.Start($"--{setting}=http://localhost:{port}");

        Assert.Equal(1, await run.ExitCodeAsync());

        Assert.Contains($"The dashboard cannot listen on port {port.ToString(CultureInfo.InvariantCulture)}", run.Output, StringComparison.Ordinal);
        Assert.Contains($"set {setting} to another port", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting first", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:15999")]
    [InlineData("http://*:15999")]
    [InlineData("https://localhost:15999")]
    public async Task An_address_beyond_loopback_is_refused(string url)
    {
        await using var run = AppHostRun.Start($"--ASPNETCORE_URLS={url}");

        Assert.Equal(1, await run.ExitCodeAsync());

        Assert.Contains($"The dashboard cannot listen on '{url}' (ASPNETCORE_URLS)", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:0", @"^http://localhost:[1-9]\d+$")]
    [InlineData("http://127.0.0.1:0/", @"^http://127\.0\.0\.1:[1-9]\d+$")]
    [InlineData("http://0.0.0.0:0", @"^http://0\.0\.0\.0:[1-9]\d+$")] // Refused when it is listened on.
    public void Port_0_is_any_free_port(string url, string expected)
    {
        using var configuration = new ConfigurationManager();
        (configuration[DashboardSettings.UrlName], configuration[DashboardSettings.OtlpUrlName]) = (url, url);

        var settings = DashboardSettings.Read(configuration);
        settings.Claims!.Dispose();

        Assert.Matches(expected, settings.Url);
        Assert.Matches(expected, settings.OtlpUrl);
        Assert.NotEqual(settings.Url, settings.OtlpUrl);
    }

    [Fact]
    public async Task The_AppHost_prints_the_address_to_log_in_at()
    {
        await using var run = AppHostRun.Start("--DcpPublisher:RandomizePorts=true", "--AppHost:BrowserToken=a token");
        await run.SaysAsync("Login to the dashboard at");

        using var client = new HttpClient { Timeout = SampleApp.Bound };
        var page = await client.GetStringAsync(new Uri(Address().Match(run.Output).Value));

        Assert.Contains("Resources", page, StringComparison.Ordinal);
        Assert.EndsWith("/login?t=a%20token", Address().Match(run.Output).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_a_test_there_is_no_dashboard_unless_it_asks_for_one()
    {
        await using var without = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>();
        await using var with = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleAppHost>([], (options, _) => options.DisableDashboard = false);

        Assert.Null(without.Configuration["AppHost:BrowserToken"]);
        Assert.DoesNotContain(without.Services, service => service.ServiceType == typeof(global::Aspire.Hosting.Dashboard.DashboardServer));
        Assert.Matches("^[0-9a-f]{32}$", with.Configuration["AppHost:BrowserToken"]!);
    }

    [GeneratedRegex(@"http://localhost:\d+/login\?t=\S+")]
    private static partial Regex Address();
}
