using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Streaming.EndToEnd.Tests.App;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>What a person finds and does on single pages; <see cref="EveryPageTests"/> has what is true of all.</summary>
[Collection(AllScenarios.Name)]
public sealed partial class LivePageTests(RunningApp app, OneBrowser browser)
{
    private const int BoundMs = OpenPage.BoundMs;

    [BrowserFact]
    public async Task The_overview_has_a_chart_and_a_table_of_windows()
    {
        await using var open = await browser.OpenAsync(app.Dashboard, "");

        await Assertions.Expect(open.Page.Locator(".sales-chart svg").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(Region(open, "Windows").Locator("tbody tr").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task A_pipeline_without_a_line_in_the_Dashboard_has_a_page_with_a_chart_and_a_table_of_numbers()
    {
        await using var open = await browser.OpenAsync(app.Dashboard, "pipelines/sales-by-country");
        await open.IsLiveAsync();
        var page = open.Page;

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sales by country", Exact = true })).ToBeVisibleAsync(new() { Timeout = BoundMs });
        var table = Region(open, "Windows");
        await Assertions.Expect(table.Locator("tbody tr td:nth-child(3)").First).ToHaveTextAsync(SomeNumber(), new() { Timeout = BoundMs });
        await Assertions.Expect(page.Locator(".sales-chart svg").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await page.GetByRole(AriaRole.Button, new() { Name = "15m every 1m", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("window=15m%2F1m"), new() { Timeout = BoundMs });
        await Assertions.Expect(table.Locator("tbody tr td:nth-child(3)").First).ToHaveTextAsync(SomeNumber(), new() { Timeout = BoundMs });
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task The_sales_page_has_a_map_and_both_ways_of_counting_agree()
    {
        await using var open = await browser.OpenAsync(app.Dashboard, "sales");
        await open.IsLiveAsync();
        var page = open.Page;

        await Assertions.Expect(page.Locator(".sales-chart path.area").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(page.Locator("svg.map a.dot")).ToHaveCountAsync(17, new() { Timeout = BoundMs });
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('.map-graticule').getBBox().width > 9000"), "the map's drawing was not loaded");

        var proof = Region(open, "Both ways of counting");
        await Assertions.Expect(proof.GetByRole(AriaRole.Status)).ToHaveTextAsync(new Regex(@"^([3-9]|1\d) minutes, difference 0$"), new() { Timeout = BoundMs });
        await proof.Locator(".proof-minute").Nth(2).ClickAsync();
        await Assertions.Expect(proof.Locator(".proof-detail tbody tr").First).ToBeVisibleAsync(new() { Timeout = BoundMs });

        await page.Locator("svg.map a.dot[href*='zurich-1']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("store=zurich-1"), new() { Timeout = BoundMs });
        Assert.Empty(open.Errors);
    }

    [BrowserFact]
    public async Task The_alerts_page_can_be_filtered_and_its_filter_is_in_the_address()
    {
        await using var open = await browser.OpenAsync(app.Dashboard, "alerts");
        await open.IsLiveAsync();

        await Assertions.Expect(open.Page.Locator(".alerts-summary")).ToHaveTextAsync(new Regex("fires?\\."), new() { Timeout = BoundMs });
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Firing", Exact = true }).ClickAsync();
        await Assertions.Expect(open.Page).ToHaveURLAsync(new Regex("only=firing"), new() { Timeout = BoundMs });
        Assert.Empty(open.Errors);
    }

    private static ILocator Region(OpenPage open, string name) => open.Page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    [GeneratedRegex(@"^\s*[1-9][\d,]*\s*$")]
    private static partial Regex SomeNumber();
}
