using System.Collections.Immutable;
using Streaming.Dashboard.Components.Charts;
using Streaming.Dashboard.Components.Layout;
using Streaming.Dashboard.Components.Panels;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Components;

public class ComponentTests
{
    [Fact]
    public async Task Markup_in_a_store_name_is_text()
    {
        var snapshot = Snapshot([Window(0, "a", 3)], null, Store("a", name: "<script>alert(1)</script>"));

        var html = await Markup.OfAsync<WindowTable>(snapshot)
            + await Markup.OfAsync<StoreTable>(snapshot, parameters: ("Period", snapshot.Periods.Live(TimeSpan.FromMinutes(5))));

        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_unknown_store_is_shown_as_its_id_and_called_unknown()
    {
        var html = await Markup.OfAsync<WindowTable>(Snapshot([Window(0, "ghost-7", 3)]));

        Assert.Contains("ghost-7", html, StringComparison.Ordinal);
        Assert.Contains("unknown store", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_shows_viewer_time_with_utc_on_hover_and_what_is_provisional()
    {
        var html = await Markup.OfAsync<WindowTable>(Snapshot([Window(0, "a", 1234, 5000, final: false)]), clock: ViewerClock.Of("Asia/Tokyo"));

        Assert.Contains("21:00–21:01", html, StringComparison.Ordinal);
        Assert.Contains("2025-11-21 12:00–12:01 UTC", html, StringComparison.Ordinal);
        Assert.Contains("1,234", html, StringComparison.Ordinal);
        Assert.Contains("Provisional", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_is_sorted_as_the_view_says()
    {
        var snapshot = Snapshot([Window(0, "few", 1), Window(0, "many", 9), Window(0, "some", 5)]);

        var html = await Markup.OfAsync<WindowTable>(snapshot, new ViewState { Sort = "Count" });

        var rows = html[html.IndexOf("<tbody", StringComparison.Ordinal)..];
        int At(string store) => rows.IndexOf(store, StringComparison.Ordinal);
        Assert.True(At("many") < At("some") && At("some") < At("few"));
        Assert.Contains("aria-sort=\"descending\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LinkState.Live, null, "Live")]
    [InlineData(LinkState.Stale, 12, "since 12 s")]
    [InlineData(LinkState.Reconnecting, 4, "Reconnecting")]
    [InlineData(LinkState.Failing, 4, "Database error")]
    [InlineData(LinkState.NoData, null, "No data yet")]
    public async Task The_badge_says_how_the_connection_is(LinkState state, int? seconds, string text)
    {
        var status = new LinkStatus(state, seconds is { } s ? TimeSpan.FromSeconds(s) : null, null);

        var html = await Markup.OfAsync<ConnectionBadge>(parameters: ("Status", status));

        Assert.Contains(text, html, StringComparison.Ordinal);
        Assert.Contains("aria-live=\"polite\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_known_is_a_dash_on_the_status_line()
    {
        var html = await Markup.OfAsync<StatusLine>();

        Assert.Equal(6, html.Split(">–<").Length - 1);
    }

    [Fact]
    public async Task Without_data_the_page_says_what_is_missing_and_how_to_start_it()
    {
        var html = await Markup.OfAsync<RangeData>(Snapshot([]));

        Assert.Contains("No data yet", html, StringComparison.Ordinal);
        Assert.Contains("Start the Producer", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_first_answer_there_is_a_skeleton_and_no_zero()
    {
        var html = await Markup.OfAsync<RangeData>();

        Assert.Contains("skeleton", html, StringComparison.Ordinal);
        Assert.DoesNotContain(">0<", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_database_is_told_above_the_last_figures()
    {
        var state = new FeedState(TimeSpan.FromHours(2), 100);
        state.Apply(Changes([Window(0, "a", 3)]), Noon);

        var html = await Markup.OfAsync<FeedNotice>(state.Report(FeedCondition.Reconnecting, Noon, "The database cannot be reached."));

        Assert.Contains("The database cannot be reached.", html, StringComparison.Ordinal);
        Assert.Contains("last ones received", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_feed_is_told_with_the_time_of_the_last_figures()
    {
        var html = await Markup.OfAsync<FeedNotice>(Snapshot([Window(0, "a", 3)]));

        Assert.Contains("21 Nov, 12:00", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Currencies_beyond_the_third_are_folded()
    {
        ImmutableArray<CurrencyTotals> totals = [new("EUR", 1234, 9, 2, 0.1), new("CHF", 5, 4, 1, null), new("USD", 7, 3, 1, -0.2), new("JPY", 900_000, 1, 1, null)];

        var html = await Markup.OfAsync<CurrencyList>(parameters: ("Totals", totals));

        Assert.Contains("1 more currency", html, StringComparison.Ordinal);
        Assert.Contains("900 k", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_donut_has_names_and_shares_beside_it()
    {
        var model = SalesChartModel.Build(Period([Slice("a", 3), Slice("b", 1)]), new ViewState(), new SeriesRoster(), id => Store(id));

        var html = await Markup.OfAsync<ShareDonut>(parameters: ("Model", model));

        Assert.Contains("Store a", html, StringComparison.Ordinal);
        Assert.Contains("75 %", html, StringComparison.Ordinal);
        Assert.Contains("rz-donut-series", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chart_tells_each_slot_to_screen_readers()
    {
        var model = SalesChartModel.Build(Period([Slice("a", 3)], [Slice("a", 2, final: false)]), new ViewState(), new SeriesRoster(), id => Store(id));

        var html = await Markup.OfAsync<ChartReadout>(parameters: ("Model", model));

        Assert.Contains("role=\"slider\"", html, StringComparison.Ordinal);
        Assert.Contains("12:01 to 12:02, provisional: Store a 2; 0 late", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tiles_leave_a_dash_where_nothing_is_complete_yet()
    {
        var html = await Markup.OfAsync<Tiles>(parameters: ("Period", Period([Slice("a", 3, final: false)])));

        Assert.Contains("<span class=\"tile-value\">–</span>", html, StringComparison.Ordinal);
        Assert.Contains("no earlier data", html, StringComparison.Ordinal);
    }
}
