using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Streaming.EndToEnd.Tests.App;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>The page as a person sees it.</summary>
public sealed partial class LivePageTests(RunningApp app) : IClassFixture<RunningApp>
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

    private async Task<(IPage Page, List<string> Errors)> OpenAsync(IBrowser browser, int width, int height, ColorScheme scheme)
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
        await page.GotoAsync(app.Dashboard.ToString());
        return (page, errors);
    }
}
