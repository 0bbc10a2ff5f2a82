using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using Microsoft.Playwright;
using Npgsql;
using Streaming.Contracts.Weather;
using Streaming.EndToEnd.Tests.App;
using Streaming.EndToEnd.Tests.Browser;
using Streaming.Tests.Oracle;

namespace Streaming.EndToEnd.Tests;

/// <summary>The weather from event to screen: what is published, every row and the page against a naive recount of the topics.</summary>
[Collection(AllScenarios.Name)]
public sealed class WeatherTests(RunningApp app, OneBrowser browser)
{
    private const int BoundMs = 60_000;
    private const long MinuteMs = 60_000;
    private const long OutOfOrdernessMs = 5_000;
    private const long GraceMs = 15_000;

    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(4);
    private static readonly Dictionary<string, long> s_ofStations = new() { ["10m"] = 10 * MinuteMs, ["1h"] = 60 * MinuteMs, ["1d"] = 1440 * MinuteMs };
    private static readonly Dictionary<string, long> s_ofCities = new(s_ofStations) { ["1m"] = MinuteMs };

    [Fact]
    public async Task Each_raw_reading_that_makes_sense_is_published_once_converted_and_in_order_and_what_is_none_is_put_aside()
    {
        using var bound = new CancellationTokenSource(s_bound);
        await StoredAsync("weather-by-station", bound.Token);
        // The input is read after the output, so that it holds all that the output was made of.
        var processed = TopicReader.ReadAll(app.Kafka, "processed_weather");
        var raw = TopicReader.ReadAll(app.Kafka, "raw_weather");

        var good = raw.GroupBy(record => record.Partition.Value).ToDictionary(
            partition => partition.Key,
            partition => partition.OrderBy(r => r.Offset.Value).Select(r => WeatherRecords.TryRaw(r, out var published) ? published : null).OfType<string>().ToList());
        Assert.NotEmpty(processed);
        Assert.All(processed.GroupBy(record => record.Partition.Value), partition => Assert.Equal(
            good[partition.Key].Take(partition.Count()), partition.OrderBy(r => r.Offset.Value).Select(WeatherRecords.Processed)));

        var rejected = raw.Where(record => !WeatherRecords.TryRaw(record, out _)).Select(record => $"{record.Partition.Value} {record.Offset.Value}").ToHashSet();
        Assert.True(rejected.Count > 0, "the producer sends broken readings, and none was found");
        Assert.True(raw.Any(record => WeatherRecords.TryRaw(record, out var published) && published is null), "the producer sends impossible readings, and none was found");
        await Eventually.GetAsync(
            () => Task.FromResult(TopicReader.ReadAll(app.Kafka, "weather_dead_letter").Select(Origin).ToHashSet()), rejected.IsSubsetOf, "every broken reading among the dead letters",
            TimeSpan.FromSeconds(60), bound.Token);
    }

    [Fact]
    public async Task Windows_of_stations_equal_an_independent_recount_of_what_was_published()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("weather-by-station", bound.Token);

        AssertSame(stored, new NaiveTumbling(s_ofStations, OutOfOrdernessMs, GraceMs).Walk(Below(stored, "processed_weather").Select(r => WeatherRecords.Reading(r, "station")), stored.Marks));
    }

    [Fact]
    public async Task Windows_of_cities_equal_an_independent_recount_of_what_was_published()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("weather-by-city", bound.Token);

        AssertSame(stored, new NaiveTumbling(s_ofCities, OutOfOrdernessMs, GraceMs).Walk(Below(stored, "processed_weather").Select(r => WeatherRecords.Reading(r, "city")), stored.Marks));
    }

    [Fact]
    public async Task Messages_per_city_equal_an_independent_search_of_their_texts()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("tweets-by-city", bound.Token);
        var names = Cities.All.SelectMany(city => city.OtherNames.Append(city.Name).Select(name => (Name: WeatherRecords.WithoutAccents(name), City: city.Name)))
            .SelectMany(name => new[] { name, (name.Name.Replace(" ", "", StringComparison.Ordinal), name.City) }).Distinct().ToDictionary(name => name.Item1, name => name.City);

        var expected = new NaiveTumbling(s_ofCities, OutOfOrdernessMs, GraceMs).Walk(Below(stored, "tweets").Select(r => WeatherRecords.Message(r, names)), stored.Marks);

        AssertSame(stored, expected);
        Assert.True(expected.Filtered > 0 && expected.Rejected > 0, "the producer sends messages without a city, and broken ones");
    }

    [Fact]
    public async Task Page_shows_the_recounted_weather_of_a_past_hour()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("weather-by-city", bound.Token);
        var expected = new NaiveTumbling(s_ofCities, OutOfOrdernessMs, GraceMs).Walk(Below(stored, "processed_weather").Select(r => WeatherRecords.Reading(r, "city")), stored.Marks);
        // An hour of yesterday: final everywhere.
        var to = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddHours(-6);
        var last = to.AddMinutes(-10).ToUnixTimeMilliseconds();

        using var client = app.App.CreateHttpClient("dashboard");
        var html = WebUtility.HtmlDecode(await client.GetStringAsync(new Uri($"weather?from={Minute(to.AddHours(-1))}&to={Minute(to)}", UriKind.Relative), bound.Token));

        // The table's first page, by name.
        foreach (var city in Cities.All.Select(city => city.Name).Order(StringComparer.Ordinal).Take(12))
        {
            var row = Regex.Match(html, $"<b>{Regex.Escape(city)}</b>.*?</tr>", RegexOptions.Singleline).Value;
            Assert.Contains($"{Degrees(expected.ValuesOf("10m", last, city).Average() / 100)} °C", row, StringComparison.Ordinal);
        }
    }

    [BrowserFact]
    public async Task Page_draws_charts_and_the_topology_with_the_rates_of_now()
    {
        await using var open = await browser.OpenAsync(app.Dashboard, "weather");
        await open.IsLiveAsync();
        var page = open.Page;

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Temperature mean in °C by city" })).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(page.Locator(".chart-card .sales-chart svg").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        var topology = page.GetByRole(AriaRole.Region, new() { Name = "Topology of Weather by station" });
        await Assertions.Expect(topology.Locator(".topology-stage")).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(topology.Locator(".topology-rate").First).ToHaveTextAsync(new Regex("^[1-9][0-9.]*/s$"), new() { Timeout = BoundMs });
        await page.Locator("input[type=checkbox][aria-label$='on the charts']:not(:checked)").First.ClickAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("pick="), new() { Timeout = BoundMs });
        Assert.Empty(open.Errors);
    }

    private static void AssertSame(Stored stored, NaiveTumbling expected)
    {
        Assert.Equal(expected.Lines.Order(StringComparer.Ordinal), stored.Lines.Order(StringComparer.Ordinal));
        Assert.Equal((expected.Taken, expected.Filtered, expected.Late, expected.Rejected), stored.Counts);
    }

    /// <summary>What the rows have counted: the records before the offsets to read next.</summary>
    private IEnumerable<ConsumeResult<byte[], byte[]>> Below(Stored stored, string topic) =>
        TopicReader.ReadAll(app.Kafka, topic).Where(record => record.Offset.Value < stored.NextOffsets[record.Partition.Value]);

    /// <summary>Waits until every partition is in the present, then reads rows and progress of one moment.</summary>
    private async Task<Stored> StoredAsync(string pipeline, CancellationToken cancellationToken)
    {
        var connection = await app.App.GetConnectionStringAsync("streaming", cancellationToken) ?? throw new InvalidOperationException("streaming has no connection string");
        await using var database = NpgsqlDataSource.Create(connection);
        await Eventually.GetAsync(
            async () =>
            {
                await using var count = database.CreateCommand($"SELECT count(*) FROM checkpoints WHERE pipeline = '{pipeline}' AND watermark > now() - interval '1 minute'");
                return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
            },
            partitions => partitions == 3, $"every partition of {pipeline} in the present", TimeSpan.FromMinutes(2), cancellationToken);
        return await Stored.ReadAsync(database, pipeline, cancellationToken);
    }

    private static string Origin(ConsumeResult<byte[], byte[]> record) => $"{Header(record, "streaming-origin-partition")} {Header(record, "streaming-origin-offset")}";

    private static string Header(ConsumeResult<byte[], byte[]> record, string name) => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(name));

    private static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Degrees(double value) => (value < 0 ? "−" : "") + Math.Abs(value).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>What the tables say of a pipeline at one moment.</summary>
    private sealed record Stored(
        IReadOnlyList<string> Lines, IReadOnlyList<Mark> Marks, IReadOnlyDictionary<int, long> NextOffsets, (int Taken, int Filtered, int Late, int Rejected) Counts)
    {
        public static async Task<Stored> ReadAsync(NpgsqlDataSource database, string pipeline, CancellationToken cancellationToken)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            var progress = await QueryAsync(connection, "SELECT partition, next_offset, events, filtered, late, rejected FROM checkpoints WHERE pipeline = $1", pipeline,
                r => (Partition: r.GetInt32(0), NextOffset: r.GetInt64(1), Counts: (r.GetInt64(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5))), cancellationToken);
            var marks = await QueryAsync(connection, "SELECT partition, next_offset, watermark FROM idle_marks WHERE pipeline = $1", pipeline,
                r => new Mark(r.GetInt32(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds()), cancellationToken);
            var lines = await QueryAsync(connection, """
                SELECT window_name, partition, window_start, group_key, count, sum, min, max, is_final FROM window_results WHERE pipeline = $1 AND NOT is_pane AND count > 0
                """, pipeline, Line, cancellationToken);
            return new Stored(
                lines, marks, progress.ToDictionary(p => p.Partition, p => p.NextOffset),
                ((int)progress.Sum(p => p.Counts.Item1), (int)progress.Sum(p => p.Counts.Item2), (int)progress.Sum(p => p.Counts.Item3), (int)progress.Sum(p => p.Counts.Item4)));
        }

        private static string Line(NpgsqlDataReader r) => string.Create(
            CultureInfo.InvariantCulture,
            $"{r.GetString(0)} p{r.GetInt32(1)} {r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds()} {r.GetString(3)} {r.GetInt64(4)} {(long)r.GetDecimal(5)} {r.GetInt64(6)} {r.GetInt64(7)} {r.GetBoolean(8)}");

        private static async Task<List<T>> QueryAsync<T>(NpgsqlConnection connection, string sql, string pipeline, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = pipeline } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }
}
