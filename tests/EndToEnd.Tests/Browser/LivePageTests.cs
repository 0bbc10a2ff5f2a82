using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Streaming.EndToEnd.Tests.App;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>The page as a person sees it.</summary>
[Collection(AllScenarios.Name)]
public sealed partial class LivePageTests(RunningApp app)
{
    private const int BoundMs = 60_000;

    [BrowserFact]
    public async Task The_page_shows_numbers_that_change_without_a_reload()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (page, errors) = await OpenAsync(browser, 1280, 800, ColorScheme.Light);

        var figure = Sales(page);
        await Assertions.Expect(figure).ToHaveTextAsync(SomeSales(), new() { Timeout = BoundMs });
        var first = await figure.InnerTextAsync();
        await Assertions.Expect(figure).Not.ToHaveTextAsync(first, new() { Timeout = BoundMs });

        await Assertions.Expect(page.Locator(".badge-server")).ToHaveTextAsync("Live", new() { Timeout = BoundMs });
        await Assertions.Expect(page.Locator(".sales-chart svg").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Windows", Exact = true }).Locator("tbody tr").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        Assert.Empty(errors);
    }

    [BrowserFact]
    public async Task A_pipeline_without_a_line_in_the_Dashboard_has_a_page_with_a_chart_and_a_table_of_numbers()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (page, errors) = await OpenAsync(browser, 1280, 800, ColorScheme.Light, "pipelines/sales-by-country");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sales by country", Exact = true })).ToBeVisibleAsync(new() { Timeout = BoundMs });
        var table = page.GetByRole(AriaRole.Region, new() { Name = "Windows", Exact = true });
        await Assertions.Expect(table.Locator("tbody tr td:nth-child(3)").First).ToHaveTextAsync(SomeNumber(), new() { Timeout = BoundMs });
        await Assertions.Expect(page.Locator(".sales-chart svg").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await page.GetByRole(AriaRole.Button, new() { Name = "15m every 1m", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("window=15m%2F1m"), new() { Timeout = BoundMs });
        await Assertions.Expect(table.Locator("tbody tr td:nth-child(3)").First).ToHaveTextAsync(SomeNumber(), new() { Timeout = BoundMs });
        Assert.Empty(errors);
    }

    [BrowserFact]
    public async Task The_sales_page_has_a_map_and_both_ways_of_counting_agree()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (page, errors) = await OpenAsync(browser, 1280, 800, ColorScheme.Light, "sales");

        await Assertions.Expect(page.Locator(".sales-chart path.area").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(page.Locator("svg.map a.dot")).ToHaveCountAsync(17, new() { Timeout = BoundMs });
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('.map-graticule').getBBox().width > 9000"), "the map's drawing was not loaded");

        var proof = page.GetByRole(AriaRole.Region, new() { Name = "Both ways of counting", Exact = true });
        await Assertions.Expect(proof.GetByRole(AriaRole.Status)).ToHaveTextAsync(new Regex(@"^([3-9]|1\d) minutes, difference 0$"), new() { Timeout = BoundMs });
        await proof.Locator(".proof-minute").Nth(2).ClickAsync();
        await Assertions.Expect(proof.Locator(".proof-detail tbody tr").First).ToBeVisibleAsync(new() { Timeout = BoundMs });

        await page.Locator("svg.map a.dot[href*='zurich-1']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("store=zurich-1"), new() { Timeout = BoundMs });
        Assert.Empty(errors);
    }

    [BrowserFact]
    public async Task The_alerts_page_can_be_filtered_and_its_filter_is_in_the_address()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (page, errors) = await OpenAsync(browser, 1280, 800, ColorScheme.Light, "alerts");

        await Assertions.Expect(page.Locator(".alerts-summary")).ToHaveTextAsync(new Regex("fires?\\."), new() { Timeout = BoundMs });
        await page.GetByRole(AriaRole.Button, new() { Name = "Firing", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("only=firing"), new() { Timeout = BoundMs });
        Assert.Empty(errors);
    }

    [BrowserFact]
    public async Task On_a_narrow_dark_screen_nothing_is_cut_off()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (page, errors) = await OpenAsync(browser, 390, 844, ColorScheme.Dark);

        await Assertions.Expect(Sales(page)).ToHaveTextAsync(SomeSales(), new() { Timeout = BoundMs });

        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.Equal(0, overflow);
        var background = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        var channels = Regex.Matches(background, @"\d+").Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)).Take(3);
        Assert.All(channels, channel => Assert.InRange(channel, 0, 80));
        Assert.Empty(errors);
    }

    /// <summary>The line under the first tile's figure, such as "39,787 sales in 15 min, 1,612 of them not final".</summary>
    private static ILocator Sales(IPage page) =>
        page.Locator("article").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = "Sales per minute", Exact = true }) }).Locator(".tile-caption");

    [GeneratedRegex(@"^[1-9][\d,]* sales in")]
    private static partial Regex SomeSales();

    [GeneratedRegex(@"^\s*[1-9][\d,]*\s*$")]
    private static partial Regex SomeNumber();

    private async Task<(IPage Page, List<string> Errors)> OpenAsync(IBrowser browser, int width, int height, ColorScheme scheme, string path = "")
    {
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        var errors = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        page.PageError += (_, error) => errors.Add(error);
        await page.GotoAsync(new Uri(app.Dashboard, path).ToString());
        return (page, errors);
    }
}
