using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Embedded.Aspire.Tests.Hosting.BadInput;

/// <summary>The same AppHost twice at once, with the fixed ports of its launch profiles.</summary>
public sealed partial class TwoAppHostsTests
{
    private static readonly string[] s_arguments =
        ["--FirstPort=5991", "--ASPNETCORE_URLS=http://localhost:5992", "--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=http://localhost:5993"];

    [Fact]
    public async Task The_second_takes_other_ports_says_so_and_both_run()
    {
        await using var one = AppHostRun.Start(s_arguments);
        await one.SaysAsync("Everything runs");
        await using var two = AppHostRun.Start(s_arguments);
        await two.SaysAsync("Everything runs");

        var instead = int.Parse(Instead().Match(two.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        using var client = new HttpClient();

        Assert.DoesNotContain("is used by another AppHost", one.Output, StringComparison.Ordinal);
        Assert.Contains("Login to the dashboard at http://localhost:5992/", one.Output, StringComparison.Ordinal);
        Assert.Matches(@"Login to the dashboard at http://localhost:(?!5992)\d+/", two.Output);
        Assert.Contains("http://localhost:5991", one.Output, StringComparison.Ordinal);
        Assert.NotEqual(await client.GetStringAsync(new Uri("http://localhost:5991/process")), await client.GetStringAsync(new Uri($"http://localhost:{instead}/process")));
        foreach (var run in new[] { one, two })
        {
            run.Signal("INT");
            Assert.Equal(0, await run.ExitCodeAsync());
            await run.LeavesNothingAsync("after both ran");
        }
    }

    [GeneratedRegex(@"Port 5991 of 'first' is used by another AppHost: 'first' is at port (\d+) this time")]
    private static partial Regex Instead();
}
