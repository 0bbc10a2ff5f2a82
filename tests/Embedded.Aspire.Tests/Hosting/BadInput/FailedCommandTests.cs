using System.Text.RegularExpressions;

namespace Streaming.Embedded.Aspire.Tests.Hosting.BadInput;

/// <summary>A start that somebody asked for with the dashboard's buttons, and that fails.</summary>
public sealed partial class FailedCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task The_application_goes_on_and_the_resource_can_be_started_again()
    {
        File.WriteAllText(_file, "crashed\n"); // As if it had: it works.
        await using var run = AppHostRun.Start(
            $"--Third:SAMPLE_CRASH_FILE={_file}", "--Third:SAMPLE_CRASHES=1", "--DcpPublisher:RandomizePorts=true", "--ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true");
        await run.SaysAsync("Everything runs");
        await run.SaysAsync("Login to the dashboard at");
        using var dashboard = new HttpClient { BaseAddress = new Uri(Address().Match(run.Output).Groups[1].Value), Timeout = SampleApp.Bound };

        File.WriteAllText(_file, "");
        await CommandAsync(dashboard, "resource-restart");
        await run.SaysAsync("'third' failed to start: its process ended with exit code 3");
        await CommandAsync(dashboard, "resource-start");
        using var bound = new CancellationTokenSource(SampleApp.Bound);
        while (!Healthy().IsMatch(await dashboard.GetStringAsync(new Uri("/", UriKind.Relative), bound.Token)))
        {
            await Task.Delay(100, bound.Token);
        }

        run.Signal("INT");
        Assert.Equal(0, await run.ExitCodeAsync());
        Assert.DoesNotContain("Everything is stopped", run.Output, StringComparison.Ordinal);
    }

    private static async Task CommandAsync(HttpClient dashboard, string command)
    {
        var page = await dashboard.GetStringAsync(new Uri("/", UriKind.Relative));
        using var form = new FormUrlEncodedContent([new("token", Token().Match(page).Groups[1].Value), new("resource", Third().Match(page).Value), new("command", command)]);
        using var response = await dashboard.PostAsync(new Uri("/commands", UriKind.Relative), form);
        response.EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"dashboard at (http://localhost:\d+)")]
    private static partial Regex Address();

    [GeneratedRegex("name=\"token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("third-[a-z]{8}")]
    private static partial Regex Third();

    [GeneratedRegex("third-[a-z]{8}(?:(?!</tr>).)*Running</span> Healthy", RegexOptions.Singleline)]
    private static partial Regex Healthy();
}
