using System.Globalization;
using System.Text;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Weather;
using Xunit;

namespace Streaming.Aggregator.Tests.Weather;

/// <summary>From raw readings and messages to rows, on a broker and a database, against a naive recount.</summary>
[Collection(PostgresForScenarios.Name)]
public sealed class WeatherPipelineTests(PostgresFixture postgres)
{
    private static readonly (string Id, string City, bool IsUs)[] Stations =
        [("zurich-airport", "Zürich", false), ("zurich-lake", "Zürich", false), ("new-york-jfk", "New York", true), ("tokyo-haneda", "Tokyo", false), ("seattle-tacoma", "Seattle", true)];

    [Fact]
    public async Task Readings_are_filtered_converted_and_published_once_and_the_windows_equal_a_recount()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", "weather-by-station,weather-by-city"));
        await stage.ProduceAsync(Readings(4000, seed: 11), Topics.RawWeather.Name);

        await CountedAsync(stage, "stage_progress", "taken", 4000);
        var (good, filtered, rejected) = WeatherOracle.Of(stage.ReadAll(Topics.RawWeather));
        await CountedAsync(stage, "checkpoints", "events", 2 * good.Count);
        await stage.OutboxIsEmptyAsync();

        Assert.True(filtered > 50 && rejected > 50, $"{filtered} filtered, {rejected} rejected");
        Assert.Equal((good.Count, filtered, rejected), ((int)await SumAsync(stage, "stage_progress", "published"), (int)await SumAsync(stage, "stage_progress", "filtered"), (int)await SumAsync(stage, "stage_progress", "rejected")));
        Assert.Equal(rejected, stage.ReadAll(Topics.WeatherDeadLetter).Count);
        Assert.Equal(
            good.Select(r => $"{r.Station} {r.TimeMs} {r.Temperature}").Order(StringComparer.Ordinal),
            stage.ReadAll(Topics.ProcessedWeather).Select(Processed).Order(StringComparer.Ordinal));
        foreach (var (window, size) in new[] { ("10m", TimeSpan.FromMinutes(10)), ("1h", TimeSpan.FromHours(1)), ("1d", TimeSpan.FromDays(1)) })
        {
            Assert.Equal(WeatherOracle.Windows(good, r => r.Station, size), await WindowsAsync(stage, "weather-by-station", window, size));
            Assert.Equal(WeatherOracle.Windows(good, r => r.City, size), await WindowsAsync(stage, "weather-by-city", window, size));
        }
    }

    [Fact]
    public async Task Messages_count_for_the_city_that_they_mention_first()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", "tweets-by-city"));
        var start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds());
        string[] texts = ["Zürich!", "hm", "#NewYork, then Zürich", "zurich", "Nothing <b>", "Tokyo / Paris"];
        await stage.ProduceAsync(
            Enumerable.Range(0, 600).Select(i => Tweet(new Tweet($"user{i % 7}", start.AddSeconds(i), texts[i % texts.Length]))).Append((null, "{"u8.ToArray())), Topics.Tweets.Name);

        await CountedAsync(stage, "checkpoints", "events", 400);
        await CountedAsync(stage, "checkpoints", "filtered", 200);

        await CountedAsync(stage, "checkpoints", "rejected", 1);
        Assert.Equal(200, await CityAsync(stage, "Zürich"));
        Assert.Equal(100, await CityAsync(stage, "New York"));
        Assert.Equal(100, await CityAsync(stage, "Tokyo"));
        Assert.Equal(0, await CityAsync(stage, "Paris"));
    }

    [Fact]
    public async Task A_storm_and_a_stuck_thermometer_are_told()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", "weather-by-station"));
        var start = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddDays(-2);
        // Every two minutes for five hours: the wind of one rises in the second hour, the thermometer of the other does not move.
        await stage.ProduceAsync(
            Enumerable.Range(0, 150).SelectMany(i => new[]
            {
                Reading(new RawReading("kew", "London", start.AddMinutes(2 * i), WeatherUnits.Metric, 10 + (i % 5), 80, 990, i is > 30 and < 60 ? 95 : 20)),
                Reading(new RawReading("jfk", "New York", start.AddMinutes(2 * i), WeatherUnits.Metric, 12, 80, 990, 20)),
            }), Topics.RawWeather.Name);

        await CountedAsync(stage, "checkpoints", "events", 300);
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM alerts") >= 3, "three transitions", () => Task.FromResult(stage.Lines.ToString()));

        Assert.Equal(
            ["jfk stuck-thermometer firing", "kew storm firing", "kew storm resolved"],
            await TextsAsync(stage, "SELECT group_key || ' ' || rule || ' ' || transition FROM alerts WHERE rule IN ('storm', 'stuck-thermometer')"));
    }

    [Fact]
    public async Task Old_rows_of_instances_that_are_gone_are_deleted_and_the_own_one_is_kept_fresh()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.ExecuteAsync("""
            INSERT INTO stage_progress (pipeline, instance, started_at, taken, published, filtered, rejected, unknown, updated_at)
            VALUES ('weather-by-station', 'gone', now() - interval '1 day', 1, 1, 1, 1, 1, now() - interval '1 hour'),
                   ('another', 'gone', now() - interval '1 day', 1, 1, 1, 1, 1, now() - interval '1 hour')
            """);

        await stage.StartAggregatorAsync(("Pipelines", "weather-by-station"));

        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT count(*) FROM stage_progress WHERE instance = 'gone'") == 1
                && await stage.NumberAsync("SELECT count(*) FROM stage_progress WHERE pipeline = 'weather-by-station' AND updated_at > started_at AND taken = 0") == 1,
            "one fresh row, and another pipeline's old one", () => Task.FromResult(stage.Lines.ToString()));
    }

    private static IEnumerable<(byte[]? Key, byte[]? Value)> Readings(int count, int seed)
    {
        var random = new Random(seed);
        var start = DateTimeOffset.UtcNow.AddDays(-3);
        for (var i = 0; i < count; i++)
        {
            var (id, city, isUs) = Stations[random.Next(Stations.Length)];
            var reading = new RawReading(
                id, city, DateTimeOffset.FromUnixTimeMilliseconds(start.AddMinutes(i).ToUnixTimeMilliseconds()), isUs ? WeatherUnits.Us : WeatherUnits.Metric,
                random.Next(isUs ? 0 : -200, isUs ? 1000 : 400) / 10m, random.Next(1, 101), isUs ? random.Next(2600, 3200) / 100m : random.Next(9000, 10800) / 10m, random.Next(0, 900) / 10m);
            var (key, value) = Reading(random.Next(20) switch
            {
                0 => reading with { Temperature = -999 },
                1 => reading with { Humidity = 130 },
                _ => reading,
            });
            yield return random.Next(25) switch
            {
                0 => (key, value![..^5]),
                1 => (key, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(value!).Replace("\"temperature\"", "\"temp\"", StringComparison.Ordinal))),
                2 => ("elsewhere"u8.ToArray(), value),
                _ => (key, value),
            };
        }
    }

    private static (byte[]? Key, byte[]? Value) Reading(RawReading reading) => (Encoding.UTF8.GetBytes(reading.Station), RawReadingJson.Encode(reading));

    private static (byte[]? Key, byte[]? Value) Tweet(Tweet tweet) => (Encoding.UTF8.GetBytes(tweet.User), TweetJson.Encode(tweet));

    private static string Processed(Confluent.Kafka.ConsumeResult<byte[]?, byte[]?> record)
    {
        Assert.Null(ProcessedReadingJson.Decode(record.Message.Value, out var reading));
        Assert.Equal(Encoding.UTF8.GetString(record.Message.Key!), reading!.Station);
        return $"{reading.Station} {reading.Time.ToUnixTimeMilliseconds()} {(long)(reading.TemperatureC * 100)}";
    }

    private static Task<long> SumAsync(PipelineStage stage, string table, string column) => stage.NumberAsync($"SELECT coalesce(sum({column}), 0)::bigint FROM {table}");

    private static Task CountedAsync(PipelineStage stage, string table, string column, long count) => Until.TrueAsync(
        async () => await SumAsync(stage, table, column) == count, $"{column} of {table} is {count}",
        async () => $"It is {await SumAsync(stage, table, column)}. {stage.Lines}");

    private static Task<long> CityAsync(PipelineStage stage, string city) =>
        stage.NumberAsync($"SELECT coalesce(sum(count), 0)::bigint FROM window_results WHERE pipeline = 'tweets-by-city' AND window_name = '1m' AND group_key = '{city}'");

    /// <summary>Rows of all partitions, merged, in the oracle's form.</summary>
    private static Task<List<string>> WindowsAsync(PipelineStage stage, string pipeline, string window, TimeSpan size) => TextsAsync(stage, string.Create(CultureInfo.InvariantCulture, $"""
        SELECT group_key || ' ' || (extract(epoch FROM window_start) / {(long)size.TotalSeconds})::bigint || ' ' || sum(count)::bigint || ' ' || sum(sum)::bigint || ' ' || min(min) || ' ' || max(max)
        FROM window_results WHERE pipeline = '{pipeline}' AND window_name = '{window}' AND NOT is_pane GROUP BY group_key, window_start
        """));

    private static async Task<List<string>> TextsAsync(PipelineStage stage, string sql)
    {
        await using var command = stage.Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        texts.Sort(StringComparer.Ordinal);
        return texts;
    }
}
