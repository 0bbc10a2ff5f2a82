using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Pipelines;

[Collection(SharedDatabase.Name)]
public sealed class PipelinePageTests(DatabaseServer server) : IAsyncLifetime
{
    private readonly WebApplicationFactory<Program> _plain = new();
    private WebApplicationFactory<Program> _application = null!;
    private HttpClient _client = null!;
    private SeededPipeline _pipeline = null!;

    public async Task InitializeAsync()
    {
        var database = await server.MigratedAsync();
        _application = _plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", database));
        _client = _application.CreateClient();
        _pipeline = new SeededPipeline(database);
    }

    public async Task DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        _client.Dispose();
        await _application.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Fact]
    public async Task A_new_pipeline_has_a_page_with_chart_table_topology_and_alerts_without_a_line_in_the_Dashboard()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(0).AddSeconds(30), [Row(0, "CH & co", [12_300, 4_500])]);
        await _pipeline.CheckpointAsync(1, Minute(0).AddSeconds(30), [Row(0, "CH & co", [1_000], 1)]);
        await _pipeline.AlertAsync("too <much>", "CH & co", "178.00 is <b>above</b> 100.00");

        var html = await _client.GetStringAsync("/pipelines/by-country");

        Assert.Contains(">By country</h1>", html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("178.00 CHF", html, StringComparison.Ordinal);
        Assert.Contains("CH &amp; co", html, StringComparison.Ordinal);
        Assert.Contains("Provisional", html, StringComparison.Ordinal);
        Assert.Contains("sale =&gt; sale.&lt;Country&gt;", html, StringComparison.Ordinal);
        Assert.Contains("is &lt;b&gt;above&lt;/b&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_a_key_is_text()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(0), [Row(0, "<script>alert(1)</script>", [100])]);

        var html = await _client.GetStringAsync("/pipelines/by-country");

        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_does_not_decode_is_told_and_the_row_is_shown_without_its_measures()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(0), [Row(0, "CH", [12_300]) with { StateBytes = [1, 2, 3] }]);

        var html = await _client.GetStringAsync("/pipelines/by-country");

        Assert.Contains("stored state that cannot be read", html, StringComparison.Ordinal);
        Assert.Contains("123.00 CHF", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_cannot_be_read_is_told()
    {
        await _pipeline.DefineAsync("""{"version": 99}""");

        Assert.Contains("definition of this pipeline cannot be read", await _client.GetStringAsync("/pipelines/by-country"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_pipeline_is_not_found() =>
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/pipelines/no%3Cb%3Esuch")).StatusCode);

    [Fact]
    public async Task Without_any_window_the_page_says_so_and_shows_no_zero()
    {
        await _pipeline.DefineAsync(Description());

        var html = await _client.GetStringAsync("/pipelines/by-country");

        Assert.Contains("No window yet", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<span class=\"hint-value\">0</span>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_links_to_every_pipeline()
    {
        await _pipeline.DefineAsync(Description());

        var html = await _client.GetStringAsync("/pipelines");

        Assert.Contains("href=\"pipelines/by-country\"", html, StringComparison.Ordinal);
        Assert.Contains("Not started", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?from=2025-11-21T11:30Z&to=2025-11-21T12:30Z")]
    [InlineData("?window=3m%2F1m&of=amount_p50&find=C&last=60&sort=Amount%20mean")]
    [InlineData("?window=nonsense&of=%3Cb%3E&last=-1&page=99")]
    public async Task A_view_can_be_opened_by_its_address(string query)
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(0), [Row(0, "CH", [12_300])]);
        await _pipeline.CheckpointAsync(0, Minute(0), [Row(0, "CH", [12_300], pane: true)], window: Hopping.Name);

        Assert.Contains("123.00 CHF", await _client.GetStringAsync("/pipelines/by-country" + query.Replace("&page=99", "", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
