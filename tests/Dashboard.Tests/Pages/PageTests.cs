using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Streaming.Dashboard.Tests.Pages;

[Collection(SharedDatabase.Name)]
public class PageTests(DatabaseServer server) : IAsyncLifetime
{
    private readonly WebApplicationFactory<Program> _plain = new();
    private WebApplicationFactory<Program> _application = null!;
    private HttpClient _client = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _database = await server.MigratedAsync();
        _application = _plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", _database));
        _client = _application.CreateClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Theory]
    [InlineData("/", "Overview")]
    [InlineData("/sales", "Sales")]
    [InlineData("/alerts", "Alerts")]
    [InlineData("/alerts?only=firing&find=%3Cb%3E&sort=Since&page=9", "Alerts")]
    [InlineData("/alerts?from=2016-11-21T11:30Z&to=2016-11-21T12:30Z", "Alerts")]
    [InlineData("/?range=1h&measure=amount&hide=%3Cb%3E&page=7", "Overview")]
    public async Task A_page_renders(string path, string heading)
    {
        var html = await _client.GetStringAsync(path);

        Assert.Contains($">{heading}</h1>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html[..html.IndexOf("</header>", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_past_range_is_rendered_from_the_database()
    {
        await using var sales = new SeededSales(_database);
        await sales.PipelineAsync();
        await sales.StoreAsync("a", "Corner <Shop>");
        await sales.CheckpointAsync(0, [Samples.Window(0, "a", 42, 999)]);

        var html = await _client.GetStringAsync("/?from=2025-11-21T11:30Z&to=2025-11-21T12:30Z");

        Assert.Contains("Corner &lt;Shop&gt;", html, StringComparison.Ordinal);
        Assert.Contains("Back to live", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_forbid_frames_guessing_of_types_and_scripts_from_elsewhere()
    {
        var headers = (await _client.GetAsync("/")).Headers;

        var policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(headers.GetValues("X-Frame-Options")));
    }

    [Fact]
    public async Task Nothing_on_a_page_comes_from_elsewhere_or_is_an_inline_script()
    {
        var html = await _client.GetStringAsync("/");

        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
        Assert.DoesNotMatch("<script(?![^>]*src=)", html);
    }

    [Theory]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/Radzen.Blazor/Radzen.Blazor.min.js")]
    [InlineData("/css/tokens.css")]
    [InlineData("/viewer.js")]
    [InlineData("/map/world.svg")]
    public async Task What_the_pages_need_is_served(string path)
    {
        var answer = await _client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True((await answer.Content.ReadAsByteArrayAsync()).Length > 1000);
    }

    [Theory]
    [InlineData("/alive", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    public async Task Health_and_missing_pages_answer_as_they_should(string path, HttpStatusCode status) =>
        Assert.Equal(status, (await _client.GetAsync(path)).StatusCode);
}
