using Microsoft.Playwright;
using Streaming.EndToEnd.Tests.App;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>What each page of the Dashboard has to be, whatever it is about.</summary>
[Collection(AllScenarios.Name)]
public sealed class EveryPageTests(RunningApp app, OneBrowser browser)
{
    public static TheoryData<string> Paths => DashboardPages.Paths;

    [BrowserTheory]
    [MemberData(nameof(Paths))]
    public async Task Page_shows_figures_that_change_without_a_reload_and_no_error(string path)
    {
        var figures = DashboardPages.At(path).Figures;
        await using var open = await browser.OpenAsync(app.Dashboard, path);

        var first = await open.FiguresAsync(figures);
        await open.IsLiveAsync();
        await Assertions.Expect(open.Page.Locator(figures).First).Not.ToHaveTextAsync(first, new() { Timeout = OpenPage.BoundMs });

        Assert.Empty(open.Errors);
    }

    [BrowserTheory]
    [MemberData(nameof(Paths))]
    public async Task Page_is_accessible_wide_and_narrow_in_light_and_dark(string path)
    {
        await using var open = await browser.OpenAsync(app.Dashboard, path);

        // A change comes through the circuit: by then the page is as it stays, with the title that it lost while the circuit took it over.
        await open.ChangeAsync(DashboardPages.At(path).Figures);
        await open.IsLiveAsync();
        await Axe.BringAsync(open.Page);

        var found = new List<string>();
        found.AddRange(await Axe.ViolationsAsync(open.Page));
        await open.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        found.AddRange(await Axe.ViolationsOfColoursAsync(open.Page));
        Assert.True(await open.IsDarkAsync(), "the page is not dark where the system is");

        await open.Page.SetViewportSizeAsync(390, 844);
        found.AddRange(await Axe.ViolationsAsync(open.Page));
        await open.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        found.AddRange(await Axe.ViolationsOfColoursAsync(open.Page));
        Assert.Equal(0, await open.OverflowAsync());

        Assert.Empty(found.Distinct());
    }

    [BrowserFact]
    public async Task Every_page_comes_back_by_itself_after_the_Dashboard_was_restarted()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(10));

        // A few at a time: two cores cannot draw all of them four times a second.
        foreach (var some in DashboardPages.All.Chunk(5))
        {
            var pages = await Task.WhenAll(some.Select(page => browser.OpenAsync(app.Dashboard, page.Path)));
            foreach (var open in pages)
            {
                await open.IsLiveAsync();
                await open.Page.EvaluateAsync("window.isFromBefore = true");
            }

            await app.RestartResourceAsync("dashboard", bound.Token);

            foreach (var (page, open) in some.Zip(pages))
            {
                await open.Page.WaitForFunctionAsync("() => !window.isFromBefore", null, new() { Timeout = OpenPage.BoundMs });
                await open.IsLiveAsync();
                await open.FiguresAsync(page.Figures);
                await open.DisposeAsync();
            }
        }
    }
}
