using System.Net;
using Aspire.Hosting.Testing;
using Streaming.Contracts;
using Streaming.EndToEnd.Tests.App;
using Streaming.EndToEnd.Tests.Browser;

namespace Streaming.EndToEnd.Tests;

/// <summary>Each scenario runs without the others, and when its application has ended nothing of it is left. Store sales: see <see cref="SalesPipelineTests"/>.</summary>
public sealed class LoneScenarioTests(OneBrowser browser) : IClassFixture<OneBrowser>
{
    private static readonly string[] s_scenarios = [Scenarios.Sales, Scenarios.Shop, Scenarios.Weather, Scenarios.Iot];

    [BrowserTheory]
    [InlineData(Scenarios.Shop)]
    [InlineData(Scenarios.Weather)]
    [InlineData(Scenarios.Iot)]
    public async Task Scenario_alone_has_its_page_the_others_say_that_they_are_off_and_no_process_is_left(string scenario)
    {
        // Before the application, whose mark the browser would inherit.
        await browser.LaunchAsync();
        var app = new LoneScenario(scenario);
        try
        {
            await app.InitializeAsync();
            await ShowsAsync(app, browser, scenario);
            Assert.True(!OperatingSystem.IsLinux() || app.Mark.Processes().Count > 0, "no process carries the mark");
        }
        finally
        {
            await app.DisposeAsync();
        }

        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await app.Mark.IsGoneAsync(bound.Token);
    }

    /// <summary>The page of the scenario has figures; those of the others say why they have none, and are not in the navigation; the rest is there.</summary>
    internal static async Task ShowsAsync(RunningApp app, OneBrowser browser, string scenario)
    {
        var own = DashboardPages.Of(scenario);
        await using var open = await browser.OpenAsync(app.Dashboard, own.Path);
        await open.FiguresAsync(own.Figures);
        Assert.Empty(open.Errors);

        var entries = await open.Page.Locator(".nav-link").EvaluateAllAsync<string[]>("links => links.map(link => new URL(link.href).pathname.slice(1))");
        using var http = app.App.CreateHttpClient("dashboard");
        foreach (var other in s_scenarios.Where(other => other != scenario).Select(DashboardPages.Of))
        {
            Assert.DoesNotContain(other.Path, entries);
            Assert.Contains("switched off", WebUtility.HtmlDecode(await http.GetStringAsync(new Uri(other.Path, UriKind.Relative))), StringComparison.Ordinal);
        }

        foreach (var path in new[] { "pipelines", "topics" })
        {
            Assert.Contains(path, entries);
            await open.Page.GotoAsync(new Uri(app.Dashboard, path).ToString());
            await open.FiguresAsync(DashboardPages.At(path).Figures);
        }
    }
}
