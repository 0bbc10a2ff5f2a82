using System.Runtime.CompilerServices;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Otlp;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

public sealed class PagesTests(DashboardApp dashboard) : IClassFixture<DashboardApp>
{
    private static readonly string[] s_names = ["wanted", "wanted too"];

    [Fact]
    public async Task A_trace_shows_its_spans_as_a_tree_with_links_both_ways()
    {
        await dashboard.SendAsync("/v1/traces", Otlps.Traces("producer", Otlps.Span(11, 1, "send sales", at: 100)));
        await dashboard.SendAsync("/v1/traces", Otlps.Traces("aggregator", Otlps.Span(12, 1, "checkpoint", links: [(11, 1), (99, 9)], at: 105), Otlps.Span(12, 2, "INSERT windows", parent: 1, at: 106)));

        var send = await dashboard.PageAsync($"/traces/detail/{11:x32}");
        var checkpoint = await dashboard.PageAsync($"/traces/detail/{12:x32}?spanId={2:x16}");

        Assert.Contains($"linked from <a href=\"/traces/detail/{12:x32}?spanId={1:x16}#s{1:x16}\">checkpoint</a> of aggregator", send, StringComparison.Ordinal);
        Assert.Contains("1 traces came of it", send, StringComparison.Ordinal);
        Assert.Contains("INSERT windows", send, StringComparison.Ordinal);
        Assert.Contains($"linked to <a href=\"/traces/detail/{11:x32}?spanId={1:x16}#s{1:x16}\">send sales</a> of producer", checkpoint, StringComparison.Ordinal);
        Assert.Contains($"{9:x16}</a> (not kept)", checkpoint, StringComparison.Ordinal);
        Assert.Matches($"id=\"s{2:x16}\" class=\"chosen\"><td class=\"wide depth-1\">", checkpoint);
    }

    [Fact]
    public async Task Spans_that_are_each_others_parents_are_shown_once_each()
    {
        await dashboard.SendAsync("/v1/traces", Otlps.Traces("faulty", Otlps.Span(13, 1, "hen", parent: 2), Otlps.Span(13, 2, "egg", parent: 1), Otlps.Span(13, 3, "itself", parent: 3)));

        var page = await dashboard.PageAsync($"/traces/detail/{13:x32}");

        Assert.All(["<summary>hen", "<summary>egg", "<summary>itself"], name => Assert.Equal(2, page.Split(name).Length));
    }

    [Fact]
    public async Task Times_that_cannot_be_are_shown_all_the_same()
    {
        var span = Otlps.Span(14, 1, "from the end of days to the beginning");
        (span.StartTimeUnixNano, span.EndTimeUnixNano) = (ulong.MaxValue, 0);
        await dashboard.SendAsync("/v1/traces", Otlps.Traces("faulty", span, Otlps.Span(14, 2, "today")));

        Assert.Contains("from the end of days", await dashboard.PageAsync($"/traces/detail/{14:x32}"), StringComparison.Ordinal);
        Assert.Contains(">today</a>", await dashboard.PageAsync("/traces?text=end+of+days"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traces_are_filtered_by_duration_errors_resource_and_name()
    {
        var failed = Otlps.Span(22, 1, "wanted too");
        failed.Status = new Status { Code = StatusCode.Error, Message = "no" };
        await dashboard.SendAsync("/v1/traces", Otlps.Traces("filtered", Otlps.Span(21, 1, "wanted"), failed));

        Assert.Equal(["wanted", "wanted too"], await NamesAsync("/traces?resource=filtered&minimum=900"));
        Assert.Empty(await NamesAsync("/traces?resource=filtered&minimum=1100"));
        Assert.Equal(["wanted too"], await NamesAsync("/traces?resource=filtered&errors=on"));
        Assert.Equal(["wanted too"], await NamesAsync("/traces?text=TED+TOO"));
        Assert.Empty(await NamesAsync("/traces?resource=nobody"));

        async Task<List<string>> NamesAsync(string path)
        {
            var page = await dashboard.PageAsync(path);
            return [.. s_names.Where(name => page.Contains($">{name}</a>", StringComparison.Ordinal))];
        }
    }

    [Fact]
    public async Task Markup_in_telemetry_stays_text_and_passwords_stay_hidden()
    {
        const string script = "<script>alert(1)</script>\" onload='x'";
        var span = Otlps.Span(15, 1, script);
        span.Attributes.Add(Otlps.Text(script, "Host=x;Password=hunter2hunter2"));
        await dashboard.SendAsync("/v1/traces", Otlps.Traces(script, span));
        await dashboard.SendAsync("/v1/logs", Otlps.Logs(script, new LogRecord { SeverityNumber = 9, Body = new AnyValue { StringValue = script }, Attributes = { Otlps.Text("token", "hunter2hunter2") } }));
        await dashboard.SendAsync("/v1/metrics", Otlps.Metrics(script, Otlps.Counter(script, 1, 1, Otlps.Text(script, script))));

        foreach (var path in new[] { "/traces", $"/traces/detail/{15:x32}", "/structuredlogs", "/metrics", $"/metrics?text={Uri.EscapeDataString(script)}", $"/traces?minimum={Uri.EscapeDataString(script)}" })
        {
            var page = await dashboard.PageAsync(path);
            Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
            Assert.DoesNotContain("onload='", page, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", page, StringComparison.Ordinal);
            Assert.DoesNotContain(" style=", page, StringComparison.Ordinal); // The policy forbids it.
        }
    }

    [Theory]
    [InlineData("PASSWORD", "x", Secrets.Mask)]
    [InlineData("Kafka__SaslPassword", "x", Secrets.Mask)]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=1", Secrets.Mask)]
    [InlineData("ConnectionStrings__x", "Host=h;Username=u;Password=\"a;b\";Port=1", $"Host=h;Username=u;Password={Secrets.Mask};Port=1")]
    [InlineData("X", "Server=s;PWD = a b c;Db=d", $"Server=s;PWD = {Secrets.Mask};Db=d")]
    [InlineData("X", "postgresql://u:p%40ss@h:1/d", $"postgresql://u:{Secrets.Mask}@h:1/d")]
    [InlineData("X", "jdbc:postgresql://h/d?user=u&password=abc&ssl=1", $"jdbc:postgresql://h/d?user=u&password={Secrets.Mask}&ssl=1")]
    [InlineData("X", "Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey=abc=", $"Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey={Secrets.Mask}")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:5080", "http://localhost:5080")]
    public void Secrets_are_masked_and_the_rest_is_not(string name, string value, string shown) => Assert.Equal(shown, Secrets.MaskVariable(name, value));

    /// <summary>It stands in for the official dashboard and is not to become another one.</summary>
    [Fact]
    public void The_dashboard_has_fewer_than_1500_lines()
    {
        var folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../Embedded/Aspire.Hosting/Dashboard");
        var lines = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => File.ReadLines(file).Count());

        Assert.InRange(lines, 500, 1499);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
