using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>A page in the browser, and what it wrote to the console as an error.</summary>
internal sealed partial class OpenPage : IAsyncDisposable
{
    /// <summary>How long a test waits for something to appear.</summary>
    public const int BoundMs = 120_000;

    private readonly ConcurrentQueue<string> _errors = new();

    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Errors on the console, and exceptions that no script caught.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Waits until something has figures, and returns its text.</summary>
    public async Task<string> FiguresAsync(string selector)
    {
        var figures = Page.Locator(selector).First;
        await Assertions.Expect(figures).ToHaveTextAsync(Digit(), new() { Timeout = BoundMs });
        return await figures.TextContentAsync() ?? "";
    }

    /// <summary>Waits until something has figures, and then others.</summary>
    public async Task ChangeAsync(string selector)
    {
        var first = await FiguresAsync(selector);
        await Assertions.Expect(Page.Locator(selector).First).Not.ToHaveTextAsync(first, new() { Timeout = BoundMs });
    }

    /// <summary>Waits until the page hears clicks and the server (then it has its title back, which is taken away for a moment) and says that figures arrive.</summary>
    public async Task IsLiveAsync()
    {
        await Assertions.Expect(Page.Locator(".shell[data-interactive]")).ToBeAttachedAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(Page).ToHaveTitleAsync(Letter(), new() { Timeout = BoundMs });
        await Assertions.Expect(Page.Locator(".badge-server")).ToHaveTextAsync("Live", new() { Timeout = BoundMs });
    }

    /// <summary>By how many pixels the page is wider than the screen.</summary>
    public Task<int> OverflowAsync() => Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    /// <summary>Whether the page's ground is dark.</summary>
    public async Task<bool> IsDarkAsync()
    {
        var background = await Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        return Number().Matches(background).Take(3).All(channel => int.Parse(channel.Value, CultureInfo.InvariantCulture) <= 80);
    }

    public async ValueTask DisposeAsync() => await Page.CloseAsync();

    [GeneratedRegex(@"\w")]
    private static partial Regex Letter();

    [GeneratedRegex(@"\d")]
    private static partial Regex Digit();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
