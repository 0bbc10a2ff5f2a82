using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Streaming.EndToEnd.Tests.App;
using Streaming.EndToEnd.Tests.Browser;
using Xunit.Abstractions;

namespace Streaming.EndToEnd.Tests.Tracing;

/// <summary>One event, end to end: from a sale on the page to what every service did with it.</summary>
public sealed partial class TraceTests(TracedApp app, ITestOutputHelper output) : IClassFixture<TracedApp>
{
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task From_a_sampled_sale_on_the_page_its_trace_leads_through_kafka_and_the_checkpoint_with_its_statements_to_the_push()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var http = new HttpClient { BaseAddress = app.Dashboard };

        var (chain, checkpointTrace) = await Eventually.GetAsync(
            async () => SalesOf(await http.GetStringAsync("sales", bound.Token))
                .Select(sale => (Chain: EventChain.Find(sale.Trace, app.Receiver.Spans), sale.Checkpoint)).FirstOrDefault(found => found.Chain is not null),
            found => found.Chain is not null, "a sale on the page whose whole way has been received", s_bound, bound.Token);

        foreach (var line in chain!.Lines())
        {
            output.WriteLine(line);
        }

        // A trace of its own for what is done with many events at once, linked; the same trace for what is done with this one alone.
        Assert.Equal(chain.Checkpoint.TraceId, checkpointTrace);
        Assert.Equal(4, new[] { chain.Send, chain.Checkpoint, chain.EnrichedCheckpoint, chain.Push }.Select(span => span.TraceId).Distinct().Count());
        Assert.Equal("", chain.Send.ParentId + chain.Checkpoint.ParentId + chain.EnrichedCheckpoint.ParentId + chain.Push.ParentId);
        chain.FollowsConventions();
        Assert.Contains(chain.Statements, statement => statement["db.query.text"]?.Contains("UPDATE checkpoints", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Statements_that_run_in_the_background_are_no_traces()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await Eventually.GetAsync(() => Task.FromResult(app.Receiver.Spans.Count(span => span.Source == "Npgsql")), statements => statements > 50, "statements", s_bound, bound.Token);

        Assert.DoesNotContain(app.Receiver.Spans, span => span is { Source: "Npgsql", ParentId: "", IsError: false });
    }

    [BrowserFact]
    public async Task What_a_browser_is_shown_is_the_end_of_the_push_s_trace()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(app.Dashboard, "sales").ToString());

        var shown = await Eventually.GetAsync(
            () => Task.FromResult(app.Receiver.Spans.Where(span => span.Name == "browser update").FirstOrDefault(span => app.Receiver.Spans.Any(push => push.Name == "dashboard push" && span.IsBelow(push)))),
            span => span is not null, "a browser's update below a push", s_bound, bound.Token);
        var link = page.Locator("a.trace-link").First;
        await Assertions.Expect(link).ToBeVisibleAsync();

        output.WriteLine($"{shown}  below {shown!.ParentId}");
        Assert.StartsWith(TracedApp.AppHostDashboard + "/traces/detail/", await link.GetAttributeAsync("href"), StringComparison.Ordinal);
    }

    /// <summary>The ids that the page's links lead to: of each sale, and of the checkpoint that counted it.</summary>
    private static IEnumerable<(string Trace, string Checkpoint)> SalesOf(string html)
    {
        var ids = TraceLink().Matches(html).Select(match => match.Groups[1].Value).ToList();
        return ids.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1]));
    }

    [GeneratedRegex("href=\"" + TracedApp.AppHostDashboard + "/traces/detail/([0-9a-f]{32})\"")]
    private static partial Regex TraceLink();
}
