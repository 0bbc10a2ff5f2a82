using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Components.Alerts;
using Streaming.Dashboard.Tests.Components;
using Streaming.Dashboard.Views;
using static Streaming.Dashboard.Tests.Alerts.AlertSamples;

namespace Streaming.Dashboard.Tests.Alerts;

public class AlertTableTests
{
    [Fact]
    public void Filters_look_at_key_rule_message_and_pipeline()
    {
        AlertRow[] rows = [Firing("a", "silent", "zurich-1"), Over("b", "sudden", "paris-1", 0, 3)];

        Assert.Equal(["zurich-1"], Keys(rows, new ViewState { Find = "ZUR" }));
        Assert.Equal(["paris-1"], Keys(rows, new ViewState { Find = "the b" }));
        Assert.Equal(["zurich-1"], Keys(rows, new ViewState { OnlyFiring = true }));
        Assert.Empty(Keys(rows, new ViewState { Find = "paris", OnlyFiring = true }));
    }

    [Fact]
    public void An_alert_links_to_its_window_on_its_pipelines_page()
    {
        var link = AlertTable.Link(Firing("sales by/store", "silent", "a&b"))!;

        Assert.StartsWith("pipelines/sales%20by%2Fstore?", link, StringComparison.Ordinal);
        var view = ViewState.Parse(link[link.IndexOf('?', StringComparison.Ordinal)..]);
        Assert.Equal(("1m", "a&b"), (view.Window, view.Find));
        Assert.True(view.From <= Samples.Minute(0) && view.To >= Samples.Minute(1));
    }

    [Fact]
    public void A_window_of_a_day_has_a_link_that_works()
    {
        var row = Firing("p", "r", "k") with { Window = new AlertWindow("1d", Samples.Noon, Samples.Noon.AddDays(1)) };

        Assert.False(ViewState.Parse(AlertTable.Link(row)!["pipelines/p".Length..]).IsLive);
    }

    [Fact]
    public void The_worst_alert_of_a_key_counts()
    {
        var snapshot = Snapshot(Firing("p", "one", "k", "warning"), Firing("p", "two", "k", "critical"), Firing("q", "one", "k", "info"), Over("p", "three", "gone", 0, 1));

        Assert.Equal("two", Assert.Single(snapshot.FiringOf("p")).Value.Rule);
        Assert.Equal("info", snapshot.FiringOf("q")["k"].Severity);
        Assert.Empty(snapshot.FiringOf("nobody"));
    }

    [Fact]
    public async Task The_table_shows_what_where_since_and_the_value_against_the_threshold()
    {
        var html = await Markup.OfAsync<AlertGrid>(parameters: ("Rows", Snapshot(
            Firing("sales-by-store", "sudden-change", "<script>alert(1)</script>", "critical", "jumped"), Over("weather", "storm", "bern", 5, 9)).Rows));

        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("7.5", html, StringComparison.Ordinal);
        Assert.Contains("2025-11-21 12:01:00 UTC", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("jumped", StringComparison.Ordinal) < html.IndexOf("storm", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_thousand_alerts_are_paged()
    {
        var html = await Markup.OfAsync<AlertGrid>(parameters: ("Rows", Snapshot([.. Enumerable.Range(0, 10_000).Select(i => Firing("p", "r", $"key-{i}"))]).Rows));

        Assert.Contains("10,000", html, StringComparison.Ordinal);
        Assert.Equal(20, html.Split("class=\"alert-what\"").Length - 1);
    }

    [Fact]
    public async Task Nothing_stands_in_the_navigation_while_nobody_knows_how_many_fire()
    {
        Assert.DoesNotContain("firing-count", await Markup.OfAsync<FiringCount>(), StringComparison.Ordinal);
        Assert.DoesNotContain("firing-count", await Markup.OfAsync<FiringCount>(null, null, null, [Snapshot()]), StringComparison.Ordinal);
        Assert.Contains(">2<", await Markup.OfAsync<FiringCount>(null, null, null, [Snapshot(Firing("p", "r", "k"), Firing("p", "r", "l"))]), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Keys(AlertRow[] rows, ViewState view) => AlertTable.Matching(rows, view).Select(row => row.Key);
}
