using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Tests.Pipelines;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;

namespace Streaming.Dashboard.Tests.Api;

/// <summary>The HTTP API over a real database.</summary>
[Collection(SharedDatabase.Name)]
public sealed class ApiTests(DatabaseServer server) : IAsyncLifetime
{
    private const string Noon = "from=2025-11-21T12:00:00Z&to=2025-11-21T13:00:00Z";

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
    public async Task Partial_windows_are_merged_over_partitions_with_all_measures_exact()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(2), [Row(0, "CH", [100, 250])]);
        await _pipeline.CheckpointAsync(1, Minute(2), [Row(0, "CH", [1050], partition: 1), Row(1, "PE", [5], partition: 1)]);

        var page = await GetAsync($"/api/windows?pipeline=by-country&{Noon}");

        Assert.Equal("1m", page.GetProperty("window").GetString());
        var items = page.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["CH", "PE"], items.Select(item => item.GetProperty("key").GetString()));
        Assert.Equal("2025-11-21T12:00:00+00:00", items[0].GetProperty("start").GetString());
        Assert.True(items[0].GetProperty("is_final").GetBoolean());
        var measures = items[0].GetProperty("measures");
        Assert.Equal((3, "14.00", 3), (measures.GetProperty("count").GetInt32(), measures.GetProperty("amount_sum").GetRawText(), measures.GetProperty("shop_distinct").GetInt32()));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Pages_tile_the_range_without_a_gap_or_a_repetition(int limit)
    {
        await _pipeline.DefineAsync(Description());
        string[] keys = ["a", "B", "ä", "<b>", "z"];
        for (var partition = 0; partition < 2; partition++)
        {
            await _pipeline.CheckpointAsync(partition, Minute(9), [.. Enumerable.Range(0, 4).SelectMany(minute => keys.Select(key => Row(minute, key, [minute], partition)))]);
        }

        var found = await AllAsync($"/api/windows?pipeline=by-country&{Noon}&limit={limit}");

        Assert.Equal(Enumerable.Range(0, 4).SelectMany(minute => keys.Order(StringComparer.Ordinal).Select(key => $"{minute} {key} 2")), found.Select(item =>
            $"{item.GetProperty("start").GetDateTimeOffset().Minute} {item.GetProperty("key").GetString()} {item.GetProperty("measures").GetProperty("count")}"));
    }

    [Fact]
    public async Task A_resolution_merges_minutes_to_slots_over_pages_too()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(30), [.. Enumerable.Range(0, 20).Select(minute => Row(minute, "CH", [minute]))]);

        var found = await AllAsync($"/api/windows?pipeline=by-country&{Noon}&resolution=5m&limit=1&key=CH");

        Assert.Equal(["12:00 5 0.10", "12:05 5 0.35", "12:10 5 0.60", "12:15 5 0.85"], found.Select(item =>
            $"{item.GetProperty("start").GetDateTimeOffset():HH:mm} {item.GetProperty("measures").GetProperty("count")} {item.GetProperty("measures").GetProperty("amount_sum").GetRawText()}"));
        Assert.All(found, item => Assert.Equal(TimeSpan.FromMinutes(5), item.GetProperty("end").GetDateTimeOffset() - item.GetProperty("start").GetDateTimeOffset()));
    }

    [Theory]
    [InlineData("/api/windows", 400, "pipeline is ''")]
    [InlineData("/api/windows?pipeline=nobody", 404, "there are: by-country")]
    [InlineData("/api/windows?pipeline=by-country&window=2m", 400, "allowed: 1m, 3m/1m")]
    [InlineData("/api/windows?pipeline=by-country&from=yesterday", 400, "from is 'yesterday'")]
    [InlineData("/api/windows?pipeline=by-country&from=2026-01-02&to=2026-01-01", 400, "before 'to'")]
    [InlineData("/api/windows?pipeline=by-country&from=2026-01-02&last=5m", 400, "not both")]
    [InlineData("/api/windows?pipeline=by-country&last=5x", 400, "a duration")]
    [InlineData("/api/windows?pipeline=by-country&limit=0", 400, "limit is '0'")]
    [InlineData("/api/windows?pipeline=by-country&limit=100000", 400, "1 to 10000")]
    [InlineData("/api/windows?pipeline=by-country&cursor=xyz", 400, "the 'next' of a former page")]
    [InlineData("/api/windows?pipeline=by-country&resolution=90s", 400, "a multiple of 1m")]
    [InlineData("/api/windows?pipeline=by-country&window=3m/1m&resolution=6m", 400, "only for tumbling windows")]
    [InlineData("/api/alerts?state=burning", 400, "firing, all")]
    [InlineData("/api/windows?pipeline=%00", 400, "a name out of /api/pipelines")]
    [InlineData("/api/windows?pipeline=by-country&key=%00", 400, "no NUL")]
    [InlineData("/api/windows/stream?pipeline=by-country&key=%00", 400, "no NUL")]
    [InlineData("/api/alerts?pipeline=a%00b", 400, "no NUL")]
    [InlineData("/api/alerts?rule=a%00b", 400, "no NUL")]
    [InlineData("/api/alerts?key=a%00b", 400, "no NUL")]
    [InlineData("/api/windows/stream?pipeline=nobody", 404, "there are: by-country")]
    [InlineData("/api/nothing", 404, "/api/openapi.json")]
    public async Task A_question_that_makes_no_sense_is_answered_with_what_would(string path, int status, string detail)
    {
        await _pipeline.DefineAsync(Description());

        var response = await _client.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_looked_for_is_1024_characters_long_at_most()
    {
        await _pipeline.DefineAsync(Description());

        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync($"/api/windows?pipeline=by-country&key={new string('k', 1024)}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync($"/api/windows?pipeline=by-country&key={new string('k', 1025)}")).StatusCode);
    }

    [Fact]
    public async Task Without_a_database_the_answer_is_503_and_names_no_host()
    {
        await using var without = _plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", "Host=127.0.0.1;Port=1;Username=u;Password=secret"));
        using var client = without.CreateClient();

        var response = await client.GetAsync("/api/pipelines");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("127.0.0.1", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelines_say_what_they_measure_and_how_far_they_are()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(2), []);

        var pipeline = Assert.Single((await GetAsync("/api/pipelines")).EnumerateArray());

        Assert.Equal(("by-country", "sales", "[\"1m\",\"3m/1m\"]"), (pipeline.GetProperty("name").GetString(), pipeline.GetProperty("source").GetString(), pipeline.GetProperty("windows").GetRawText()));
        Assert.Equal("amount_p50", pipeline.GetProperty("measures")[3].GetProperty("name").GetString());
        Assert.Equal(Minute(2), pipeline.GetProperty("watermark").GetDateTimeOffset());
        Assert.Equal(0, pipeline.GetProperty("lag").GetInt64());
        Assert.Equal("By country", (await GetAsync("/api/pipelines/by-country")).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Alerts_come_newest_first_in_pages_and_tell_which_fire_now()
    {
        await _pipeline.DefineAsync(Description());
        foreach (var key in new[] { "a", "b", "c" })
        {
            await _pipeline.AlertAsync("quiet", key, $"{key} <is> quiet");
        }

        var found = await AllAsync("/api/alerts?last=1h&limit=2");
        var firing = await AllAsync("/api/alerts?state=firing&key=b");

        Assert.Equal(["c", "b", "a"], found.Select(item => item.GetProperty("key").GetString()));
        Assert.All(found, item => Assert.True(item.GetProperty("is_firing_now").GetBoolean()));
        Assert.Equal("b <is> quiet", Assert.Single(firing).GetProperty("message").GetString());
    }

    [Fact]
    public async Task The_stream_sends_what_is_there_then_what_changes_and_what_ceases_to_be()
    {
        var sessions = WindowSpecs.Session(TimeSpan.FromMinutes(1));
        await _pipeline.DefineAsync(Description(byRecord: true, sessions));
        StoredRowOf first = new(0), second = new(3);
        await _pipeline.CheckpointAsync(0, Minute(5), [first.Row, second.Row], window: sessions.Name);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var stream = await _client.GetStreamAsync(new Uri("/api/windows/stream?pipeline=by-country", UriKind.Relative), limit.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(limit.Token).GetAsyncEnumerator(limit.Token);

        Assert.Equal(["state", "window 0 1", "window 3 1", "ready"], await NextAsync(events, 4));
        await _pipeline.CheckpointAsync(0, Minute(6), [Row(0, "CH", [1, 2, 3], final: true, minutes: 4)], removed: [first.Row, second.Row], window: sessions.Name);
        Assert.Equal(["removed 3", "window 0 3"], (await NextAsync(events, 3)).Where(e => e != "removed 0").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_describes_every_endpoint_and_parameter()
    {
        var document = await GetAsync("/api/openapi.json");

        var paths = document.GetProperty("paths").EnumerateObject().ToList();
        Assert.Equal(["/api/alerts", "/api/pipelines", "/api/pipelines/{pipeline}", "/api/windows", "/api/windows/stream"], paths.Select(path => path.Name).Where(path => path.StartsWith("/api", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(paths.Where(path => path.Name.StartsWith("/api", StringComparison.Ordinal)), path => Assert.All(
            path.Value.GetProperty("get").TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [],
            parameter => Assert.False(string.IsNullOrEmpty(parameter.GetProperty("description").GetString()))));
    }

    private sealed record StoredRowOf(int At)
    {
        public Streaming.Dashboard.Pipelines.StoredRow Row { get; } = PipelineSamples.Row(At, "CH", [1], minutes: 1);
    }

    private static DateTimeOffset Minute(int minute) => Samples.Minute(minute);

    private static async Task<List<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events, int count)
    {
        var found = new List<string>();
        while (found.Count < count && await events.MoveNextAsync())
        {
            using var data = JsonDocument.Parse(events.Current.Data);
            var start = data.RootElement.TryGetProperty("start", out var at) ? $" {at.GetDateTimeOffset().Minute}" : "";
            var count_ = data.RootElement.TryGetProperty("measures", out var measures) ? $" {measures.GetProperty("count")}" : "";
            if (events.Current.EventType != "heartbeat")
            {
                found.Add(events.Current.EventType + start + count_);
            }
        }

        return found;
    }

    private async Task<List<JsonElement>> AllAsync(string path)
    {
        var found = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(cursor is null ? path : $"{path}&cursor={cursor}");
            found.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        return found;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var response = await _client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }
}
