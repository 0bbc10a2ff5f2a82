using Microsoft.Playwright;
using Streaming.EndToEnd.Tests.App;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>The page as a person sees it.</summary>
public sealed class LivePageTests(RunningApp app) : IClassFixture<RunningApp>
{
    private const int BoundMs = 60_000;

    [BrowserFact]
    public async Task The_page_shows_numbers_that_change_without_a_reload()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (page, errors) = await OpenAsync(browser, 1280, 800, ColorScheme.Light);

        var figure = page.Locator("[data-testid=total-sales]");
        await Assertions.Expect(figure).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"\d"), new() { Timeout = BoundMs });
        var first = await figure.InnerTextAsync();
        await Assertions.Expect(figure).Not.ToHaveTextAsync(first, new() { Timeout = BoundMs });

        await Assertions.Expect(page.Locator("[data-testid=connection]")).ToContainTextAsync("live", new() { Timeout = BoundMs, IgnoreCase = true });
        await Assertions.Expect(page.Locator("[data-testid=sales-chart] svg").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(page.Locator("[data-testid=window-table] tbody tr").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        Assert.Empty(errors);
    }

    [BrowserFact]
    public async Task On_a_narrow_dark_screen_nothing_is_cut_off()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var (page, errors) = await OpenAsync(browser, 390, 844, ColorScheme.Dark);

        await Assertions.Expect(page.Locator("[data-testid=total-sales]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"\d"), new() { Timeout = BoundMs });

        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.Equal(0, overflow);
        var background = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        var channels = System.Text.RegularExpressions.Regex.Matches(background, @"\d+").Select(m => int.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture)).Take(3);
        Assert.All(channels, channel => Assert.InRange(channel, 0, 80));
        Assert.Empty(errors);
    }

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
