using System.Text;
using System.Text.Json;
using Streaming.Contracts;
using Streaming.Contracts.Weather;
using Streaming.Producer.Scenarios;
using Streaming.Producer.Scenarios.Weather;

namespace Streaming.Producer.Tests.Weather;

public sealed class WeatherGeneratorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly WeatherOptions Clean = new() { BrokenShare = 0, ImpossibleShare = 0, OutOfOrderShare = 0, LateShare = 0, HasOutages = false, StuckStation = "" };

    [Fact]
    public void The_same_seed_gives_the_same_records() =>
        Assert.Equal(Live(new WeatherOptions { Seed = 7 }, 5_000).Select(Describe), Live(new WeatherOptions { Seed = 7 }, 5_000).Select(Describe));

    [Fact]
    public void Another_seed_gives_other_records() =>
        Assert.NotEqual(Live(new WeatherOptions { Seed = 7 }, 100).Select(Describe), Live(new WeatherOptions { Seed = 8 }, 100).Select(Describe));

    [Fact]
    public void Records_come_in_the_order_in_which_they_are_sent()
    {
        var records = From(new WeatherOptions { TweetsPerSecond = 0.1 }, Start, Start.AddDays(1)).Take(20_000).ToList();

        Assert.True(records[^1].SentAt > Start.AddDays(1));
        Assert.All(records.Zip(records.Skip(1)), pair => Assert.True(pair.First.SentAt <= pair.Second.SentAt));
    }

    [Fact]
    public void Each_station_reports_in_its_turn()
    {
        var readings = Live(Clean, 2_000).Where(IsReading).Take(600).ToList();

        foreach (var station in readings.GroupBy(Key))
        {
            Assert.Equal(20, station.Count());
            Assert.All(station.Zip(station.Skip(1)), pair => Assert.Equal(Clean.ReportEvery, pair.Second.SentAt - pair.First.SentAt));
        }
    }

    [Fact]
    public void The_archive_holds_a_clean_reading_of_every_station_in_every_ten_minutes()
    {
        var live = Start.AddHours(3);
        var archive = From(new WeatherOptions { BrokenShare = 0.5, ImpossibleShare = 0.4 }, Start, live).TakeWhile(record => record.SentAt < live).Where(IsReading).ToList();

        var perWindow = archive.Select(Decoded).CountBy(reading => (reading.Station, reading.Time.Ticks / TimeSpan.FromMinutes(10).Ticks));
        Assert.Equal(30 * 18, perWindow.Count(window => window.Value == 1));
    }

    [Fact]
    public void Messages_go_back_only_as_far_as_they_are_asked_to()
    {
        var live = Start.AddDays(2);
        var tweets = From(new WeatherOptions { ArchiveTweetHours = 5 }, Start, live).TakeWhile(record => record.SentAt < live).Where(record => !IsReading(record)).ToList();

        Assert.InRange(tweets[0].SentAt, live.AddHours(-5), live.AddHours(-5).AddMinutes(1));
    }

    [Fact]
    public void Good_readings_are_possible_weather_and_follow_the_sun_and_the_season()
    {
        var readings = Live(Clean with { ReportEvery = TimeSpan.FromHours(1), TweetsPerSecond = 0 }, 30 * 24 * 61).Select(Decoded).ToList();

        Assert.True(readings[^1].Time > Start.AddDays(60));
        Assert.All(readings, reading =>
        {
            var us = reading.Units == WeatherUnits.Us;
            Assert.InRange(reading.Temperature, us ? -40 : -40, us ? 120 : 50);
            Assert.InRange(reading.Humidity!.Value, 0, 100);
            Assert.InRange(reading.Pressure!.Value, us ? 28 : 950, us ? 31 : 1060);
            Assert.InRange(reading.Wind!.Value, 0, us ? 100 : 160);
        });
        var cairo = readings.Where(reading => reading.Station == "cairo-airport").ToList();
        Assert.True(Mean(cairo.Where(r => r.Time.Hour is 12 or 13)) > Mean(cairo.Where(r => r.Time.Hour is 0 or 1)) + 5, "the afternoon is warmer than the night");
        var toronto = readings.Where(reading => reading.Station == "toronto-pearson").ToList();
        Assert.True(Mean(toronto.Where(r => r.Time.Month == 4)) > Mean(toronto.Where(r => r.Time.Month == 3)) + 2, "April is warmer than March");
    }

    [Fact]
    public void Where_the_weather_is_bad_the_pressure_is_low_and_more_is_written()
    {
        var model = new WeatherModel(1);
        var hours = Enumerable.Range(0, 24 * 60).Select(hour => Start.AddHours(hour)).ToList();
        var station = StationCatalogue.All[0];

        var fair = hours.Where(at => model.Badness(station.City, at) == 0).Select(at => model.At(station, at)).ToList();
        var bad = hours.Where(at => model.Badness(station.City, at) > 0.7).Select(at => model.At(station, at)).ToList();

        Assert.NotEmpty(bad);
        Assert.True(fair.Min(c => c.PressureHpa) > bad.Max(c => c.PressureHpa));
        Assert.True(fair.Average(c => c.WindMs) + 8 < bad.Average(c => c.WindMs));
        var perHour = TweetsPerHour(model);
        Assert.True(perHour.Bad > 3 * perHour.Fair, $"{perHour.Bad} messages an hour in bad weather, {perHour.Fair} in fair");
    }

    [Fact]
    public void Shares_of_faults_are_as_configured()
    {
        const int Count = 40_000;
        var records = Live(Clean with { BrokenShare = 0.03, ImpossibleShare = 0.05, TweetsPerSecond = 0 }, Count);

        var rejected = records.Count(record => RawReadingJson.Decode(record.Key, record.Value, out _) is not null);
        var impossible = records.Select(record => RawReadingJson.Decode(record.Key, record.Value, out var reading) is null ? reading : null).Count(reading => reading is not null && IsImpossible(reading));

        Assert.InRange(rejected, Count * 0.025, Count * 0.035);
        Assert.InRange(impossible, Count * 0.044, Count * 0.056);
    }

    [Fact]
    public void Every_way_to_break_a_reading_makes_it_none()
    {
        var reading = new RawReading("zurich-lake", "Zürich", Start, WeatherUnits.Us, 41.5m, 60, 30.1m, 5);

        Assert.All(FaultyReadings.Broken, way => Assert.NotNull(RawReadingJson.Decode(Encoding.UTF8.GetBytes("zurich-lake"), FaultyReadings.Break(reading, way), out _)));
        Assert.All(FaultyReadings.Impossible, way => Assert.True(IsImpossible(FaultyReadings.Distort(reading, way))));
    }

    [Fact]
    public void One_station_after_the_other_is_silent_for_half_an_hour()
    {
        var readings = Live(Clean with { HasOutages = true, TweetsPerSecond = 0, ReportEvery = TimeSpan.FromSeconds(30) }, 30 * 240).Select(Decoded).ToList();

        var silent = readings.GroupBy(reading => reading.Station)
            .Where(station => station.Zip(station.Skip(1)).Any(pair => pair.Second.Time - pair.First.Time > TimeSpan.FromMinutes(29))).ToList();
        Assert.InRange(silent.Count, 1, 2);
    }

    [Fact]
    public void The_stuck_thermometer_does_not_move_while_the_other_instruments_do()
    {
        var readings = Live(Clean with { StuckStation = "new-york-jfk" }, 20_000).Where(IsReading).Select(Decoded).Where(r => r.Station == "new-york-jfk").ToList();

        Assert.Single(readings.Select(reading => reading.Temperature).Distinct());
        Assert.True(readings.Select(reading => reading.Wind).Distinct().Count() > 10);
    }

    [Fact]
    public void Stations_report_in_the_units_of_their_country()
    {
        var readings = Live(Clean, 500).Where(IsReading).Select(Decoded).ToList();

        Assert.All(readings, reading => Assert.Equal(
            Cities.All.Single(city => city.Name == reading.City).Country == "US" ? WeatherUnits.Us : WeatherUnits.Metric, reading.Units));
    }

    private static List<OutgoingRecord> Live(WeatherOptions options, int count) => [.. From(options, Start, Start).Take(count)];

    private static IEnumerable<OutgoingRecord> From(WeatherOptions options, DateTimeOffset start, DateTimeOffset live) =>
        new WeatherGenerator(options, StationCatalogue.All).From(start, live);

    private static bool IsReading(OutgoingRecord record) => record.Topic == Topics.RawWeather.Name;

    private static string Key(OutgoingRecord record) => Encoding.UTF8.GetString(record.Key!);

    private static string Describe(OutgoingRecord record) => $"{record.SentAt:O} {record.Topic} {Key(record)} {Encoding.UTF8.GetString(record.Value!)}";

    private static RawReading Decoded(OutgoingRecord record) =>
        RawReadingJson.Decode(record.Key, record.Value, out var reading) is { } rejection ? throw new JsonException(rejection.Sentence) : reading!;

    private static bool IsImpossible(RawReading reading) =>
        reading.Temperature is < -100 or > 130 || reading.Humidity > 100 || reading.Wind < 0 || reading.Pressure < (reading.Units == WeatherUnits.Us ? 20 : 800);

    private static double Mean(IEnumerable<RawReading> readings) => (double)readings.Average(reading => reading.Temperature);

    /// <summary>Messages an hour that name the first city, in hours of bad weather there and of fair weather.</summary>
    private static (double Bad, double Fair) TweetsPerHour(WeatherModel model)
    {
        var city = Cities.All[0];
        var tweets = Live(Clean with { TweetsPerSecond = 0.1, ReportEvery = TimeSpan.FromMinutes(20) }, 120_000).Where(record => !IsReading(record)).ToList();
        var hours = Enumerable.Range(0, (int)(tweets[^1].SentAt - Start).TotalHours).Select(hour => model.Badness(city, Start.AddHours(hour))).ToList();
        var about = tweets.Where(tweet => Encoding.UTF8.GetString(tweet.Value!).Contains(city.Name, StringComparison.OrdinalIgnoreCase))
            .Select(tweet => (int)(tweet.SentAt - Start).TotalHours).Where(hour => hour < hours.Count).ToList();
        return ((double)about.Count(hour => hours[hour] > 0.7) / hours.Count(b => b > 0.7), (double)about.Count(hour => hours[hour] == 0) / hours.Count(b => b == 0));
    }
}
