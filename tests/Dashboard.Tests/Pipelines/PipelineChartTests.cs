using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Pipelines;

public class PipelineChartTests
{
    private static readonly PipelineInfo Pipeline = Info(Description(), Partition(0, Minute(5)));

    private static PipelineChartModel Chart(ViewState view, params StoredRow[] rows) => PipelineChartModel.Build(Period(Pipeline, "1m", rows), view, new SeriesRoster());

    private static StoredRow[] Many(int keys) => [.. Enumerable.Range(1, keys).Select(key => Row(0, $"k{key:D5}", [.. Enumerable.Repeat((long)key, key % 50 + 1)]))];

    [Fact]
    public void The_seven_largest_keys_have_a_series_and_the_rest_add_up_to_others()
    {
        var chart = Chart(new ViewState(), Many(20));

        Assert.Equal(8, chart.Series.Length);
        Assert.Equal(13, chart.OtherKeys);
        Assert.Equal(chart.Period.Columns[0].Count, chart.Series.Sum(s => s.Values[0]));
        Assert.True(chart.IsStacked);
    }

    [Fact]
    public void A_key_of_any_text_is_another_series_than_the_others()
    {
        var chart = Chart(new ViewState(), [.. Many(20), Row(0, PipelineChartModel.OthersId, [.. Enumerable.Repeat(1L, 100)])]);

        Assert.Equal((8, 100d), (chart.Series.Select(s => s.Id).Distinct().Count(), chart.Series[0].Total));
    }

    [Fact]
    public void Quantiles_of_keys_do_not_add_up_so_there_are_no_others()
    {
        var chart = Chart(new ViewState { Of = "amount_p50" }, Many(20));

        Assert.Equal((7, 13, false), (chart.Series.Length, chart.OtherKeys, chart.IsStacked));
    }

    [Fact]
    public void A_key_without_events_in_a_window_has_no_value_there()
    {
        var chart = Chart(new ViewState { Of = "amount_mean" }, Row(0, "CH", [100]), Row(1, "DE", [200]));

        Assert.Equal([1, null], chart.Series.Single(s => s.Name == "CH").Values.Take(2));
    }

    [Fact]
    public void A_search_finds_keys_by_any_part()
    {
        var chart = Chart(new ViewState { Find = "0001" }, Many(20));

        Assert.All(chart.Series.Where(s => s.Id != PipelineChartModel.OthersId), series => Assert.Contains("0001", series.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Ten_thousand_keys_are_charted_without_reading_their_sketches()
    {
        var chart = PipelineChartModel.Build(
            new PipelineFeedState("1m", 20_000, 100_000_000).Apply(Changes(Pipeline, [.. Many(10_000).Select(row => row with { StateBytes = null })]), Noon).Live(15)!, new ViewState(), new SeriesRoster());

        Assert.Equal(9_993, chart.OtherKeys);
    }

    [Theory]
    [InlineData("", "(empty)")]
    [InlineData("a\tb\u0000", "a␣b␣")]
    [InlineData("<script>", "<script>")]
    public void Keys_of_any_bytes_have_something_to_read(string key, string text) => Assert.Equal(text, KeyText.Readable(key));

    [Fact]
    public void A_key_of_a_megabyte_is_short_on_the_page_and_in_the_address()
    {
        var key = new string('x', 1 << 20);

        Assert.True(KeyText.Readable(key).Length < 70 && KeyText.Id(key).Length < 70);
        Assert.NotEqual(KeyText.Id(key), KeyText.Id(key + "y"));
    }

    [Fact]
    public void Values_have_the_digits_of_their_field_and_measures_a_name_for_people()
    {
        var window = Period(Pipeline, "1m", Row(0, "CH", [123_450, 100])).Rows[0];
        string Text(int measure) => MeasureText.Value(Plan, Plan.Measures[measure], window.Value(measure));

        Assert.Equal(["2", "1,235.50", "617.75"], [Text(0), Text(1), Text(2)]);
        Assert.Equal(["Events", "Amount sum", "Amount mean", "Amount p50", "Distinct shop"], Plan.Measures.Select(m => MeasureText.Label(Plan, m)));
        Assert.Equal("–", MeasureText.Value(Plan, Plan.Measures[2], MeasureValue.None));
    }
}
