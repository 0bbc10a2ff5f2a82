using Microsoft.Playwright;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>One Chromium for several tests, launched when the first of them opens a page. Each page has a context of its own: no cookies, nothing stored.</summary>
public sealed class OneBrowser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Launches the browser, unless it has been launched.</summary>
    internal async Task<IBrowser> LaunchAsync()
    {
        _playwright ??= await Playwright.CreateAsync();
        return _browser ??= await Chromium.LaunchAsync(_playwright);
    }

    /// <summary>Opens a page of the Dashboard, 1280 by 800 unless told otherwise.</summary>
    internal async Task<OpenPage> OpenAsync(Uri dashboard, string path, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        var page = new OpenPage(await (await LaunchAsync()).NewPageAsync(new BrowserNewPageOptions { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme }));
        await page.Page.GotoAsync(new Uri(dashboard, path).ToString(), new() { Timeout = OpenPage.BoundMs });
        return page;
    }
}
