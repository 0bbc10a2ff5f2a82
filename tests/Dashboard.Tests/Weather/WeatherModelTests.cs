using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;
using Streaming.Dashboard.Weather;
using static Streaming.Dashboard.Tests.Samples;
using static Streaming.Dashboard.Tests.Weather.WeatherSamples;

namespace Streaming.Dashboard.Tests.Weather;

public sealed class WeatherModelTests
{
    private static readonly PipelineSnapshot Cities = Snapshot(
        "weather-by-city", 25, Row(0, "Zürich", 450), Row(0, "Tokyo", 1100), Row(10, "Zürich", 500, wind: 2600), Row(20, "Zürich", -550), Row(20, "Tokyo", 1250));

    [Fact]
    public void Lines_have_a_gap_where_nothing_was_measured()
    {
        var model = Build(null)!;

        Assert.Equal(["Tokyo", "Zürich"], model.Weather.Series.Select(series => series.Name).Order(StringComparer.Ordinal));
        Assert.Equal([4.5, 5, -5.5], Values(model.Weather, "Zürich"));
        Assert.Equal([11, null, 12.5], Values(model.Weather, "Tokyo"));
    }

    [Fact]
    public void Messages_lie_at_the_same_places_and_are_zero_only_where_that_is_known()
    {
        // The first message came at 12:10.
        var model = Build(Snapshot("tweets-by-city", 25, Written(10, "Zürich", 3), Written(20, "Paris", 1)))!;

        Assert.Equal(model.Weather.Period.Columns.Select(column => column.Window), model.Messages!.Period.Columns.Select(column => column.Window));
        Assert.Equal([null, 3, 0], Values(model.Messages, "Zürich"));
        Assert.Equal([null, 0, 0], Values(model.Messages, "Tokyo"));
        Assert.Equal(model.Weather.Series.Select(series => (series.Id, series.Color)), model.Messages.Series.Select(series => (series.Id, series.Color)));
    }

    [Fact]
    public void Without_messages_their_number_is_not_known()
    {
        var model = Build(null)!;

        Assert.Null(model.Messages);
        Assert.All(model.Cities, row => Assert.Null(row.Messages));
        Assert.Null(WeatherTilesModel.Of(Periods(null), model, 0).Messages);
    }

    [Fact]
    public void A_city_of_which_only_messages_are_known_is_in_the_table_without_weather()
    {
        var model = Build(Snapshot("tweets-by-city", 25, Written(10, "<b>Atlantis</b>", 3)))!;

        var row = model.Cities.Single(city => city.City == "<b>Atlantis</b>");
        Assert.Equal((null, 3L), (row.Newest, row.Messages));
        Assert.Equal(0, model.Cities.Single(city => city.City == "Tokyo").Messages);
    }

    [Fact]
    public void Picked_cities_are_shown_in_the_order_in_which_they_were_picked()
    {
        var model = WeatherModel.Build(Periods(null), new ViewState { Picked = ["Zürich", "nowhere", "Tokyo"] }, [])!;

        Assert.Equal(["Zürich", "Tokyo"], model.Chosen.AsEnumerable());
        Assert.Equal([0, 1], model.Weather.Series.Select(series => series.Color));
    }

    [Fact]
    public void Another_measure_can_be_asked_for()
    {
        var model = WeatherModel.Build(Periods(null), new ViewState { Of = "wind_max", Picked = ["Zürich"] }, [])!;

        Assert.Equal([3, 26, 3], Values(model.Weather, "Zürich"));
    }

    [Fact]
    public void The_tiles_tell_the_extremes_of_the_newest_window()
    {
        var tiles = WeatherTilesModel.Of(Periods(null), Build(null)!, 2);

        Assert.Equal(("Tokyo", 12.5), (tiles.Warmest!.City, tiles.Warmest.Value));
        Assert.Equal([3, 26, 3], tiles.Windiest!.Spark.AsEnumerable());
    }

    [Fact]
    public void A_station_is_silent_when_it_is_in_neither_of_the_two_newest_windows()
    {
        var stations = Snapshot("weather-by-station", 25, Row(0, "gone", 100), Row(10, "slow", 100), Row(20, "here", 100), Row(20, "storm", 100));
        PipelineAlert[] firing = [new("storm", "storm", Noon, true, "critical", "Storm at storm", "10m", Noon, Noon, 26, 24.5)];

        var rows = StationRow.Of(stations.Live(18)!, [.. firing]);

        Assert.Equal(
            [("gone", StationState.Silent), ("here", StationState.Reporting), ("slow", StationState.Reporting), ("storm", StationState.Alert)],
            rows.Select(row => (row.Station, row.State)));
    }

    [Fact]
    public void Ten_thousand_cities_are_no_trouble()
    {
        var many = Snapshot("weather-by-city", 25, [.. Enumerable.Range(0, 10_000).Select(i => Row(20, $"city {i:00000}", i, readings: 1))]);

        var model = WeatherModel.Build(new WeatherPeriods(many.Live(30), null, null), new ViewState(), [])!;

        Assert.Equal(10_000, model.Cities.Length);
        Assert.Equal(5, model.Weather.Series.Length);
    }

    [Fact]
    public void Nothing_of_the_weather_makes_no_model() =>
        Assert.Null(WeatherModel.Build(new WeatherPeriods(null, null, null), new ViewState(), []));

    [Theory]
    [InlineData(null, "10m")]
    [InlineData("1h", "1h")]
    [InlineData("<script>", "10m")]
    public void A_resolution_that_does_not_exist_is_the_usual_one(string? asked, string shown) => Assert.Equal(shown, WeatherPipelines.Resolution(asked));

    private static double?[] Values(PipelineChartModel chart, string city) => [.. chart.Series.Single(series => series.Name == city).Values];

    private static WeatherModel? Build(PipelineSnapshot? messages) => WeatherModel.Build(Periods(messages), new ViewState(), []);

    private static WeatherPeriods Periods(PipelineSnapshot? messages) => new(Cities.Live(30), null, messages?.Live(30));
}
