using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Streaming.Dashboard.Tests.Pipelines;
using static Streaming.Dashboard.Tests.Samples;
using static Streaming.Dashboard.Tests.Weather.WeatherSamples;

namespace Streaming.Dashboard.Tests.Weather;

[Collection(SharedDatabase.Name)]
public sealed class WeatherPageTests(DatabaseServer server) : IAsyncLifetime
{
    private readonly WebApplicationFactory<Program> _plain = new();
    private string _database = "";
    private WebApplicationFactory<Program> _application = null!;
    private HttpClient _client = null!;

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

    [Fact]
    public async Task Charts_tables_alerts_and_the_topology_are_on_the_page()
    {
        await SeedAsync();

        var html = WebUtility.HtmlDecode(await _client.GetStringAsync("/weather"));

        Assert.Contains("Temperature mean in °C by city", html, StringComparison.Ordinal);
        Assert.Contains("−5.5 °C", html, StringComparison.Ordinal);
        Assert.Contains("Messages about the same cities", html, StringComparison.Ordinal);
        Assert.Contains("zurich-lake", html, StringComparison.Ordinal);
        Assert.Contains("Storm at zurich-lake", html, StringComparison.Ordinal);
        Assert.Contains("topology-node topology-stage", html, StringComparison.Ordinal);
        Assert.Contains("passed over by a filter", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rates_that_are_not_known_are_dashes()
    {
        await SeedAsync();

        var html = await _client.GetStringAsync("/weather");

        Assert.DoesNotContain("0.0/s", html, StringComparison.Ordinal);
        Assert.Matches("class=\"topology-rate[^>]*>(–|&#x2013;)</span>", html);
    }

    [Fact]
    public async Task Markup_in_names_is_text()
    {
        await SeedAsync("<script>alert(1)</script>");

        var html = await _client.GetStringAsync("/weather?pick=%3Cscript%3Ealert(1)%3C%2Fscript%3E");

        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_Aggregator_has_run_the_page_says_how_to_start_it() =>
        Assert.Contains("The weather has no figures yet", await _client.GetStringAsync("/weather"), StringComparison.Ordinal);

    [Fact]
    public async Task Before_the_first_reading_the_page_says_what_is_missing()
    {
        await using var cities = new SeededPipeline(_database, "weather-by-city");
        await cities.DefineAsync(Description("weather-by-city"));

        Assert.Contains("No reading yet", await _client.GetStringAsync("/weather"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_past_range_is_read_and_one_without_readings_says_so()
    {
        await SeedAsync();
        var (day, next) = (Noon.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Noon.AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

        Assert.Contains("−5.5 °C", WebUtility.HtmlDecode(await _client.GetStringAsync($"/weather?from={day}T00:00Z&to={next}T00:00Z")), StringComparison.Ordinal);
        Assert.Contains("No weather in this range", await _client.GetStringAsync("/weather?from=2001-01-01T00:00Z&to=2001-01-02T00:00Z"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_cannot_be_read_is_told()
    {
        await using var cities = new SeededPipeline(_database, "weather-by-city");
        await cities.DefineAsync("""{"version": 99}""");

        Assert.Contains("cannot be read", await _client.GetStringAsync("/weather"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_that_is_off_says_so()
    {
        await using var off = _application.WithWebHostBuilder(host => host.UseSetting("Scenarios", "sales"));
        using var client = off.CreateClient();

        Assert.Contains("The weather is switched off", await client.GetStringAsync("/weather"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counters_are_read_of_the_generation_that_is_shown_and_of_every_instance_of_the_stage()
    {
        await SeedAsync();
        await using var database = NpgsqlDataSource.Create(_database);
        await using (var insert = database.CreateCommand("""
            INSERT INTO stage_progress (pipeline, instance, started_at, taken, published, filtered, rejected, unknown, updated_at)
            VALUES ('weather-by-city', 'a', now(), 10, 6, 3, 1, 0, now()), ('weather-by-city', 'b', now(), 1, 1, 0, 0, 0, now()), ('another', 'a', now(), 9, 9, 9, 9, 9, now())
            """))
        {
            await insert.ExecuteNonQueryAsync();
        }

        var sample = await new Dashboard.Topology.TopologyReader(database).ReadAsync("weather-by-city", CancellationToken.None);

        Assert.Equal([1, 10], sample.Stage.Counts.Values.Select(count => count.Read).Order());
        Assert.Equal([(10L, 10L)], sample.Windows.Counts.Values.Select(count => (count.Taken, count.Read)));
        Assert.NotNull(sample.Windows.UpdatedAt);
    }

    private async Task SeedAsync(string city = "Zürich")
    {
        await using var cities = new SeededPipeline(_database, "weather-by-city");
        await using var stations = new SeededPipeline(_database, "weather-by-station");
        await using var messages = new SeededPipeline(_database, "tweets-by-city");
        await cities.DefineAsync(Description("weather-by-city"));
        await stations.DefineAsync(Description("weather-by-station", byRecord: true));
        await messages.DefineAsync(Description("tweets-by-city"));
        await cities.CheckpointAsync(0, Minute(25), [Row(10, city, 450), Row(20, city, -550)], window: "10m");
        await stations.CheckpointAsync(0, Minute(25), [Row(20, "zurich-lake", -550)], window: "10m");
        await messages.CheckpointAsync(0, Minute(25), [Written(20, city, 7) with { StateBytes = [] }], window: "10m");
        await stations.AlertAsync("storm", "zurich-lake", "Storm at zurich-lake: gusts of 26 m/s");
    }
}
