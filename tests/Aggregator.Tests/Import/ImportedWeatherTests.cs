using System.Diagnostics;
using System.Globalization;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Streaming.Tests;
using Xunit;

namespace Streaming.Aggregator.Tests.Import;

/// <summary>
/// A real public data set, from the file to the results: Seattle's weather of 2012 to 2015 goes through the command <c>import</c> as people type it, and the windows over it
/// equal what is computed from the file itself.
/// </summary>
[Collection(PostgresForScenarios.Name)]
public sealed class ImportedWeatherTests(PostgresFixture postgres)
{
    private const string Zone = "America/Los_Angeles";
    private static readonly TimeSpan Forever = TimeSpan.FromDays(100 * 366);

    private sealed record Day(string Station, string Weather, decimal Precipitation, decimal TempMax, decimal TempMin, decimal Wind, DateTimeOffset At);

    [Fact]
    public async Task Days_and_months_of_a_pipeline_of_one_s_own_equal_what_the_file_says()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await ImportAsync(
            stage, PublicData.SeattleWeather, "--topic", "seattle", "--create", "--partitions", "3", "--set", "station=seattle", "--key", "weather",
            "--time", "date", "--time-zone", Zone, "--time-out", "at");

        await stage.StartAggregatorAsync([Own()], ("Pipelines", ""));
        await CountedAsync(stage, 1461);

        var days = Read().ToList();
        Assert.Equal(Oracle(days, day => day.Weather, day => StartOfDay(day.Date)), await WindowsAsync(stage, "weather-kinds", "days"));
        Assert.Equal(Oracle(days, day => day.Weather, day => day.Instant / ThirtyDaysMs * ThirtyDaysMs), await WindowsAsync(stage, "weather-kinds", "30d"));
    }

    [Fact]
    public async Task The_weather_scenario_takes_the_data_set_as_a_station_of_its_own()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", "weather-by-station"));
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM checkpoints") > 0, "the topics are there", () => Task.FromResult(stage.Lines.ToString()));

        await ImportAsync(
            stage, PublicData.SeattleWeather, "--topic", "raw_weather", "--set", "station=seattle", "--set", "city=Seattle", "--key", "station",
            "--map", "date=time", "--map", "temp_max=temperature", "--time", "time");
        await CountedAsync(stage, 1461);

        var expected = Read().Select(day => FormattableString.Invariant($"seattle {day.Instant} 1 {day.TempMax * 10} {day.TempMax * 10} {day.TempMax * 10}"));
        Assert.Equal(expected.Order(StringComparer.Ordinal), await WindowsAsync(stage, "weather-by-station", "1d"));
    }

    [Fact]
    public async Task Every_client_passes_a_broker_that_is_encrypted_and_asks_who_it_is()
    {
        await using var broker = await SecureBroker.StartAsync();
        await using var stage = await PipelineStage.OnAsync(postgres, broker.BootstrapServers, broker.Properties);
        await stage.StartAggregatorAsync(("Pipelines", "weather-by-station,sales-by-country"));
        await Until.TrueAsync(
            async () => await stage.NumberAsync("SELECT count(DISTINCT pipeline) FROM checkpoints") == 2, "both pipelines have claimed partitions", () => Task.FromResult(stage.Lines.ToString()));

        await stage.ProduceAsync([("seattle"u8.ToArray(), "no reading"u8.ToArray())], Topics.RawWeather.Name);
        await ImportAsync(
            stage, PublicData.SeattleWeather, "--topic", "raw_weather", "--set", "station=seattle", "--key", "station", "--map", "date=time", "--map", "temp_max=temperature", "--time", "time");
        await CountedAsync(stage, 1461);
        await stage.OutboxIsEmptyAsync();

        Assert.Single(stage.ReadAll(Topics.WeatherDeadLetter));
    }

    private static PipelineDefinition Own() => Streaming.Aggregator.Pipelines.Pipeline.Named("weather-kinds", "Seattle by kind of weather")
        .From("seattle", JsonEvents.Of<Day>(day => day.At))
        .GroupBy("weather", day => day.Weather)
        .Windows(WindowSpecs.Days(Zone, "days"), WindowSpecs.Tumbling(TimeSpan.FromDays(30)))
        .Keep("days", Forever).Keep("30d", Forever)
        .Waits(outOfOrderness: TimeSpan.FromHours(1))
        .Measures(m => m.Count().OfDecimal("precipitation", day => day.Precipitation, 1, "mm").Sum().Min().Max().OfDecimal("wind", day => day.Wind, 1).Mean())
        .Define();

    private const long ThirtyDaysMs = 30L * 24 * 60 * 60 * 1000;

    /// <summary>The file, read as simply as it is written: no quotes, one point in every number. Numbers are in tenths.</summary>
    private static IEnumerable<(DateTime Date, long Instant, long Precipitation, long TempMax, string Weather)> Read() =>
        File.ReadLines(PublicData.SeattleWeather).Skip(1).Select(line => line.Split(',')).Select(cells =>
        {
            var date = DateTime.ParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            return (date, (long)(date - DateTime.UnixEpoch).TotalMilliseconds, Tenths(cells[1]), Tenths(cells[2]), cells[5]);
        });

    private static long Tenths(string number) => long.Parse(number.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static long StartOfDay(DateTime date) =>
        new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(date, TimeZoneInfo.FindSystemTimeZoneById(Zone))).ToUnixTimeMilliseconds();

    private static List<string> Oracle(
        IEnumerable<(DateTime Date, long Instant, long Precipitation, long TempMax, string Weather)> days,
        Func<(DateTime Date, long Instant, long Precipitation, long TempMax, string Weather), string> key,
        Func<(DateTime Date, long Instant, long Precipitation, long TempMax, string Weather), long> start) =>
    [
        .. days.Select(day => day with { Instant = StartOfDay(day.Date) })
            .GroupBy(day => (Key: key(day), Start: start(day)))
            .Select(w => FormattableString.Invariant($"{w.Key.Key} {w.Key.Start} {w.Count()} {w.Sum(d => d.Precipitation)} {w.Min(d => d.Precipitation)} {w.Max(d => d.Precipitation)}"))
            .Order(StringComparer.Ordinal),
    ];

    private static Task CountedAsync(PipelineStage stage, long events) => Until.TrueAsync(
        async () => await stage.NumberAsync("SELECT coalesce(sum(events), 0)::bigint FROM checkpoints") == events, $"{events} events are counted",
        async () => $"{await stage.NumberAsync("SELECT coalesce(sum(events), 0)::bigint FROM checkpoints")} are. {stage.Lines}");

    /// <summary>Rows of all partitions, merged, in the oracle's form.</summary>
    private static async Task<List<string>> WindowsAsync(PipelineStage stage, string pipeline, string window)
    {
        await using var command = stage.Database.CreateCommand("""
            SELECT group_key || ' ' || (extract(epoch FROM window_start) * 1000)::bigint || ' ' || sum(count)::bigint || ' ' || sum(sum)::bigint || ' ' || min(min) || ' ' || max(max)
            FROM window_results WHERE pipeline = $1 AND window_name = $2 AND NOT is_pane GROUP BY group_key, window_start
            """);
        command.Parameters.Add(new() { Value = pipeline });
        command.Parameters.Add(new() { Value = window });
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        texts.Sort(StringComparer.Ordinal);
        return texts;
    }

    private static async Task ImportAsync(PipelineStage stage, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, Environment = { ["Kafka__Properties"] = stage.Properties } };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "Producer.dll"), "import", file, "--bootstrap-server", stage.BootstrapServers, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(start)!;
        try
        {
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, errors);
        }
        finally
        {
            process.Kill();
        }
    }
}
