using Microsoft.Playwright;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>A headless Chromium of this machine's own. Playwright's download is not used: one browser, the system's, is enough.</summary>
internal static class Chromium
{
    private static readonly string[] s_places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    /// <summary>The browser's file, or null where there is none. CHROMIUM_PATH names another one.</summary>
    public static string? Path { get; } = s_places.Prepend(Environment.GetEnvironmentVariable("CHROMIUM_PATH") ?? "").FirstOrDefault(File.Exists);

    /// <summary>Why tests that need a browser are skipped; null where there is one. In CI they fail instead.</summary>
    public static string? SkipReason =>
        Path is null && Environment.GetEnvironmentVariable("CI") != "true" ? "no Chromium on this machine: install it, or name it in CHROMIUM_PATH" : null;

    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Path ?? throw new InvalidOperationException("no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH"),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
    });
}

/// <summary>A test that needs a browser.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.SkipReason;
}

/// <summary>A test with data that needs a browser.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.SkipReason;
}
