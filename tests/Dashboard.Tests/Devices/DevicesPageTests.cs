using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Streaming.Dashboard.Tests.Pipelines;
using static Streaming.Dashboard.Tests.Devices.SiteSamples;
using static Streaming.Dashboard.Tests.Samples;
using Window = Streaming.Contracts.Windows.Window;

namespace Streaming.Dashboard.Tests.Devices;

[Collection(SharedDatabase.Name)]
public sealed class DevicesPageTests(DatabaseServer server) : IAsyncLifetime
{
    private readonly WebApplicationFactory<Program> _plain = new();
    private WebApplicationFactory<Program> _application = null!;
    private HttpClient _client = null!;
    private SeededPipeline _sites = null!;
    private SeededPipeline _devices = null!;
    private string _database = "";

    public async Task InitializeAsync()
    {
        _database = await server.MigratedAsync();
        _application = _plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", _database));
        _client = _application.CreateClient();
        (_sites, _devices) = (new SeededPipeline(_database, "sites"), new SeededPipeline(_database, "devices"));
    }

    public async Task DisposeAsync()
    {
        await _sites.DisposeAsync();
        await _devices.DisposeAsync();
        _client.Dispose();
        await _application.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Fact]
    public async Task Page_shows_the_chart_the_sites_the_devices_and_those_that_are_silent()
    {
        await SeedAsync();
        await _devices.AlertAsync("silent-device", "oslo-0002", "oslo-0002 has sent nothing");

        var html = await _client.GetStringAsync("/devices");

        Assert.Contains(">Devices</h1>", html, StringComparison.Ordinal);
        Assert.Contains(")\" d=\"M", html, StringComparison.Ordinal);
        Assert.Contains("site=oslo", html, StringComparison.Ordinal);
        Assert.Contains(">oslo-0001</b>", html, StringComparison.Ordinal);
        Assert.Contains("1 device has sent nothing for two minutes", html, StringComparison.Ordinal);
        Assert.Contains("1 of 2", html, StringComparison.Ordinal);
        Assert.Contains("for 5 min 0 s", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Newest_heartbeat_is_taken_from_the_small_windows_and_the_period_from_the_session()
    {
        await SeedAsync();

        var html = Text(await _client.GetStringAsync("/devices?device=oslo-0001"));

        Assert.Contains("Connected, last seen 0 s ago: 22.2 °C, battery 77 %. Site: oslo.", html, StringComparison.Ordinal);
        Assert.Contains("ages on this page are counted from then", html, StringComparison.Ordinal);
        Assert.Contains("1 connected period,", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Past_range_joins_what_is_kept_of_each_level()
    {
        await _sites.DefineAsync(Sites(minutesKept: TimeSpan.FromDays(2)));
        var now = DateTimeOffset.UtcNow;
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        await _sites.CheckpointAsync(0, now, [Site("oslo", Window.Between(hour.AddHours(-50), hour.AddHours(-49)), [1000, 2000])], window: "1h");
        await _sites.CheckpointAsync(0, now, [Site("oslo", Window.Between(hour.AddHours(-46), hour.AddHours(-46).AddMinutes(1)), [3000])], window: "1m");
        await DevicesAsync(now);

        var html = Text(await _client.GetStringAsync($"/devices?from={hour.AddHours(-51):yyyy-MM-ddTHH:mmZ}&to={hour.AddHours(-44):yyyy-MM-ddTHH:mmZ}"));

        Assert.Contains("by 1 h until", html, StringComparison.Ordinal);
        Assert.Contains("then by 2 min.", html, StringComparison.Ordinal);
        Assert.Contains("10.0", html, StringComparison.Ordinal);
        Assert.Contains("30.0", html, StringComparison.Ordinal);
        Assert.DoesNotContain("ages on this page", html, StringComparison.Ordinal);
        Assert.DoesNotContain("No news", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_nobody_renews_are_said_to_be_old()
    {
        await _sites.DefineAsync(Sites());
        await DevicesAsync(DateTimeOffset.UtcNow.AddMinutes(-5));
        await using (var database = NpgsqlDataSource.Create(_database))
        {
            await using var silence = database.CreateCommand("UPDATE checkpoints SET updated_at = now() - interval '5 minutes 5 seconds'");
            await silence.ExecuteNonQueryAsync();
        }

        var html = Text(await _client.GetStringAsync("/devices"));

        Assert.Contains("No news for 5 min", html, StringComparison.Ordinal);
        Assert.Contains("No checkpoint has come for 5 min", html, StringComparison.Ordinal);
        Assert.Contains("ages on this page are counted from then", html, StringComparison.Ordinal);
        Assert.DoesNotContain("in the last minute", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_devices_are_a_page_of_twenty()
    {
        await _devices.DefineAsync(Fleet());
        await _devices.CheckpointAsync(0, Noon, [Device("oslo-0001", Noon.AddMinutes(-30), Noon.AddMinutes(1), Noon, 2000, 800)], window: "session-1m");
        await using (var database = NpgsqlDataSource.Create(_database))
        {
            await using var copies = database.CreateCommand("""
                INSERT INTO window_results (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version, state)
                SELECT pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, 'site-' || i % 50 || '-' || i, count, sum, min, max, late, is_final, version, state
                FROM window_results, generate_series(2, 10000) i
                """);
            Assert.Equal(9999, await copies.ExecuteNonQueryAsync());
        }

        var html = await _client.GetStringAsync("/devices?find=-77");
        Assert.Contains("<strong>111</strong> devices", html, StringComparison.Ordinal);
        html = await _client.GetStringAsync("/devices?page=500&site=site-7");
        Assert.Contains("<strong>200</strong> devices", html, StringComparison.Ordinal);
        html = await _client.GetStringAsync("/devices");
        Assert.Contains("<strong>10,000</strong> devices", html, StringComparison.Ordinal);
        Assert.InRange(html.Length, 10_000, 200_000);
        Assert.Equal(20, Regex.Count(html, "class=\"battery\""));
    }

    [Fact]
    public async Task Markup_in_ids_is_text()
    {
        const string Evil = "<script>alert(1)</script>-1";
        await _sites.DefineAsync(Sites());
        await _devices.DefineAsync(Fleet());
        await _sites.CheckpointAsync(0, Noon, [Site("<script>alert(1)</script>", Window.Between(Noon, Minute(1)), [2000])], window: "1m");
        await _devices.CheckpointAsync(0, Noon, [Device(Evil, Minute(-5), Minute(1), Noon, 2000, 800)], window: "session-1m");
        await _devices.AlertAsync("silent-device", Evil, "x");

        var html = await _client.GetStringAsync($"/devices?device={Uri.EscapeDataString(Evil)}&site={Uri.EscapeDataString("<script>alert(1)</script>")}");

        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?from=2016-01-01T00:00Z&to=2025-12-31T00:00Z")]
    [InlineData("?span=10y")]
    [InlineData("?device=nobody-1&site=nowhere&state=%3Cb%3E&find=%00&sort=Battery&dir=asc&page=99&span=zzz")]
    [InlineData("?from=0001-01-01T00:00Z&to=0001-01-02T00:00Z")]
    public async Task Without_data_and_with_any_address_the_page_says_what_it_does_not_know(string query)
    {
        await _sites.DefineAsync(Sites());
        await _devices.DefineAsync(Fleet());

        var answer = await _client.GetAsync("/devices" + query);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("No device yet", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Range_of_ten_years_with_data_is_shown_by_days()
    {
        await SeedAsync();
        await _sites.CheckpointAsync(0, Noon, [Site("oslo", Window.Between(Noon.AddDays(-3000).AddHours(-12), Noon.AddDays(-2999).AddHours(-12)), [1500])], window: "1d");

        var html = Text(await _client.GetStringAsync("/devices?from=2016-01-01T00:00Z&to=2025-12-31T00:00Z"));

        Assert.Contains("by 14 days.", html, StringComparison.Ordinal);
        Assert.Contains("15.0", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scenario_that_is_off_has_a_page_that_says_so()
    {
        await using var off = _plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", _database).UseSetting("Scenarios", "sales"));
        using var client = off.CreateClient();

        Assert.Contains("This scenario is switched off", await client.GetStringAsync("/devices"), StringComparison.Ordinal);
    }

    private async Task SeedAsync()
    {
        // Noon was long ago.
        await _sites.DefineAsync(Sites(minutesKept: TimeSpan.FromDays(3000)));
        await _sites.CheckpointAsync(0, Noon, [.. Enumerable.Range(-20, 21).Select(i => Site("oslo", Window.Between(Minute(i), Minute(i + 1)), [2000 + i, 2500], final: i < -1))], window: "1m");
        await DevicesAsync(Noon);
    }

    private async Task DevicesAsync(DateTimeOffset noon)
    {
        await _devices.DefineAsync(Fleet());
        var now = noon.AddSeconds(5);
        await _devices.CheckpointAsync(0, noon, [
            Device("oslo-0001", now.AddMinutes(-30), now.AddSeconds(40), now.AddSeconds(-20), 2111, 775),
            Device("oslo-0002", now.AddMinutes(-90), now.AddMinutes(-4), now.AddMinutes(-5), 1999, 120, final: true)], window: "session-1m");
        await _devices.CheckpointAsync(0, noon, [Device("oslo-0001", noon, noon.AddMinutes(2), now, 2222, 774)], window: "2m");
    }

    /// <summary>The renderer writes characters beyond ASCII as references.</summary>
    private static string Text(string html) => WebUtility.HtmlDecode(html);
}
