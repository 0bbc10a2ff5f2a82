using System.Net;
using System.Net.Http.Headers;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

public sealed class LoginTests(DashboardApp dashboard) : IClassFixture<DashboardApp>
{
    private static readonly string[] s_pages = ["/", "/consolelogs", "/consolelogs/stream/first", "/structuredlogs", "/traces", "/traces/detail/1", "/metrics", "/commands", "/other"];

    [Fact]
    public async Task Without_the_token_a_browser_is_led_to_the_login_and_all_others_are_refused()
    {
        using var client = dashboard.NewClient();
        foreach (var page in s_pages)
        {
            using var refused = await client.GetAsync(new Uri(page, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

            using var request = new HttpRequestMessage(HttpMethod.Get, page) { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/html") } } };
            using var led = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Found, led.StatusCode);
            Assert.Equal($"/login?returnUrl={Uri.EscapeDataString(page)}", led.Headers.Location!.OriginalString);
        }
    }

    [Fact]
    public async Task The_printed_address_logs_in_with_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        using var client = dashboard.NewClient();

        using var login = await client.GetAsync(new Uri(dashboard.Settings.LoginUrl));

        Assert.Equal(HttpStatusCode.Found, login.StatusCode);
        Assert.Equal("/", login.Headers.Location!.OriginalString);
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(dashboard.Settings.Token!, cookie, StringComparison.Ordinal);
        Assert.Contains("Resources", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_of_the_login_page_leads_on_to_where_one_wanted_to_go()
    {
        using var client = dashboard.NewClient();
        using var form = new FormUrlEncodedContent([new("t", dashboard.Settings.Token!), new("returnUrl", "/traces?errors=on")]);

        using var login = await client.PostAsync(new Uri("/login", UriKind.Relative), form);

        Assert.Equal("/traces?errors=on", login.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task What_is_posted_and_is_no_form_is_no_login()
    {
        using var client = dashboard.NewClient();
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 2000).Select(number => new KeyValuePair<string, string>($"f{number}", "")));
        using var broken = new StringContent("no form") { Headers = { ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x") } };
        foreach (var content in new HttpContent[] { many, broken })
        {
            using var answer = await client.PostAsync(new Uri("/login", UriKind.Relative), content);
            Assert.False(answer.Headers.Contains("Set-Cookie"));
            Assert.True(answer.StatusCode < HttpStatusCode.InternalServerError, $"{answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    public async Task The_login_does_not_lead_out_of_the_site(string returnUrl)
    {
        using var client = dashboard.NewClient();

        using var login = await client.GetAsync(new Uri($"{dashboard.Settings.LoginUrl}&returnUrl={Uri.EscapeDataString(returnUrl)}"));

        Assert.Equal("/", login.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_and_sets_no_cookie()
    {
        using var client = dashboard.NewClient();

        using var login = await client.GetAsync(new Uri("/login?t=0123456789abcdef0123456789abcdef", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Unauthorized, login.StatusCode);
        Assert.False(login.Headers.Contains("Set-Cookie"));
        Assert.Contains("not the token", await login.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_somebody_pointed_at_this_machine_is_refused()
    {
        foreach (var url in new[] { dashboard.Settings.LoginUrl, $"{dashboard.Settings.OtlpUrl}/v1/traces" })
        {
            using var client = dashboard.NewClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url)) { Headers = { Host = "rebound.example" } };
            using var response = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.False(response.Headers.Contains("Set-Cookie"));
        }
    }

    [Fact]
    public async Task Every_answer_forbids_inline_scripts_frames_and_caching()
    {
        foreach (var path in new[] { "/", "/login?t=x", "/assets/dashboard.css", "/nowhere" })
        {
            using var response = await dashboard.Browser.GetAsync(new Uri(path, UriKind.Relative));
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.True(response.Headers.CacheControl!.NoStore);
        }
    }

    [Fact]
    public async Task Pages_and_telemetry_are_reached_on_loopback_only_and_each_on_its_own_port()
    {
        using var pages = await dashboard.Browser.GetAsync(new Uri($"{dashboard.Settings.OtlpUrl}/"));
        Assert.Equal(HttpStatusCode.Unauthorized, pages.StatusCode);
        Assert.Equal("application/x-protobuf", pages.Content.Headers.ContentType!.MediaType);

        var listeners = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        var ports = new[] { new Uri(dashboard.Settings.Url).Port, new Uri(dashboard.Settings.OtlpUrl).Port };
        Assert.All(listeners.Where(listener => ports.Contains(listener.Port)), listener => Assert.True(IPAddress.IsLoopback(listener.Address)));
    }
}

public sealed class UnsecuredApp() : DashboardApp(["--ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true"]);

public sealed class UnsecuredTests(UnsecuredApp dashboard) : IClassFixture<UnsecuredApp>
{
    [Fact]
    public async Task An_unsecured_dashboard_asks_for_neither_token_nor_key()
    {
        using var client = dashboard.NewClient();

        Assert.Contains("Resources", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        await dashboard.SendAsync("/v1/traces", Otlps.Traces("first", Otlps.Span(1, 1, "one")));
        Assert.Equal(dashboard.Settings.Url, dashboard.Settings.LoginUrl);
    }
}
