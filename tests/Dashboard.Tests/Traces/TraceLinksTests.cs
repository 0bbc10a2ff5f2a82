using Microsoft.Extensions.Options;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Components.Alerts;
using Streaming.Dashboard.Components.Traces;
using Streaming.Dashboard.Tests.Components;
using Streaming.Dashboard.Traces;

namespace Streaming.Dashboard.Tests.Traces;

public sealed class TraceLinksTests
{
    private const string Id = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = $"00-{Id}-00f067aa0ba902b7-01";

    [Theory]
    [InlineData("", true)]
    [InlineData("http://localhost:15080/traces/detail/{traceId}", true)]
    [InlineData("https://jaeger.example/trace/{traceId}?uiFind=sales", true)]
    [InlineData("https://grafana.example/explore?left={\"queries\":[{\"query\":\"{traceId}\"}]}", true)]
    [InlineData("https://jaeger.example/trace/", false)]
    [InlineData("/traces/{traceId}", false)]
    [InlineData("javascript:alert('{traceId}')", false)]
    [InlineData("file:///{traceId}", false)]
    [InlineData("https://user:word@jaeger.example/{traceId}", false)]
    [InlineData("https://{traceId}.example/", false)]
    public void The_address_must_be_one_that_a_browser_can_open_with_a_place_for_the_id(string url, bool isValid)
    {
        var result = new DashboardOptionsValidator().Validate(null, new DashboardOptions { TraceUrl = url });

        Assert.Equal(isValid, result.Succeeded);
        Assert.True(isValid || result.FailureMessage!.StartsWith($"Dashboard:TraceUrl is '{url}' but must be", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Parent, $"http://x/trace/{Id}")]
    [InlineData($"00-{Id}-00f067aa0ba902b7-00", null)]
    [InlineData("\" onclick=\"steal()", null)]
    [InlineData(null, null)]
    public void Only_a_recorded_trace_has_an_address(string? traceParent, string? address) =>
        Assert.Equal(address, Links("http://x/trace/{traceId}").Of(traceParent)?.Address);

    [Fact]
    public async Task Where_no_page_is_known_the_bare_id_is_shown_to_be_copied()
    {
        var html = await Markup.OfAsync<TraceLink>(parameters: [("TraceParent", Parent)]);

        Assert.Contains($">{Id}</code>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<a", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<code", await Markup.OfAsync<TraceLink>(parameters: [("TraceParent", null)]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_leads_to_the_trace_of_the_checkpoint_that_found_it()
    {
        var row = new AlertRow("p", "P", "rule", "key", Samples.Noon, null, true, "info", "text", null, 1, 2) { TraceParent = Parent };

        var html = await Markup.OfAsync<AlertGrid>(parameters: [("Rows", System.Collections.Immutable.ImmutableArray.Create(row))]);

        Assert.Contains(Id, html, StringComparison.Ordinal);
    }

    private static TraceLinks Links(string url) => new(Options.Create(new DashboardOptions { TraceUrl = url }));
}
