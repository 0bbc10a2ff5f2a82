using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

/// <summary>The sample AppHost as a program of its own, as <c>dotnet run</c> starts it.</summary>
public sealed partial class RunTests
{
    [Fact]
    public async Task The_table_says_what_runs_and_what_to_open_and_an_interrupt_stops_everything()
    {
        await using var run = AppHostRun.Start("--DcpPublisher:RandomizePorts=true");
        await run.SaysAsync("Everything runs");
        var children = run.Children();

        run.Signal("INT");
        var exitCode = await run.ExitCodeAsync();

        Assert.Equal(0, exitCode);
        Assert.Matches(@"first +Healthy +http://localhost:\d+  ← open this", run.Output);
        Assert.Matches(@"second +Healthy \(2 replicas\) +http://localhost:\d+", run.Output);
        Assert.Equal(4, children.Count); // Three services and the guard.
        foreach (var child in children)
        {
            await RunningProcess.HasEndedAsync(child, TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task A_killed_AppHost_leaves_no_process()
    {
        await using var run = AppHostRun.Start("--DcpPublisher:RandomizePorts=true", "--FirstChild=true");
        await run.SaysAsync("Everything runs");
        var children = run.Children();
        using var client = new HttpClient();
        var first = Endpoint().Match(run.Output).Groups[1].Value;
        children.Add(int.Parse(await client.GetStringAsync(new Uri($"{first}/child")), CultureInfo.InvariantCulture));

        run.Signal("KILL");

        foreach (var child in children)
        {
            await RunningProcess.HasEndedAsync(child, TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task A_resource_that_crashes_ends_the_run_with_its_last_lines_and_exit_code_1()
    {
        await using var run = AppHostRun.Start("--DcpPublisher:RandomizePorts=true", "--Third:SAMPLE_CRASH=3");

        var exitCode = await run.ExitCodeAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("'third' failed to start: its process ended with exit code 3 before it was healthy.", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"Its last lines:\s+the sample gives up", run.Output);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_its_resource()
    {
        using var other = new TcpListener(IPAddress.Loopback, 5990);
        other.Start();
        await using var run = AppHostRun.Start();

        var exitCode = await run.ExitCodeAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("'first' failed to start: port 5990", run.Output, StringComparison.Ordinal);
        Assert.Contains("give 'first' another port (applicationUrl of profile 'http' in ", run.Output, StringComparison.Ordinal);
        Assert.Contains(OperatingSystem.IsLinux() ? $"is taken by process {Environment.ProcessId} (" : "another program", run.Output, StringComparison.Ordinal);
        await run.LeavesNothingAsync("after the port was found taken");
    }

    [Fact]
    public async Task A_model_that_cannot_start_is_told_in_a_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var run = AppHostRun.Start($"--SecondPort={port}");

        var exitCode = await run.ExitCodeAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains($"'second' cannot listen on port {port}", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("3600")]
    public async Task A_grace_that_is_none_is_told_in_a_sentence(string seconds)
    {
        await using var run = AppHostRun.Start($"--AppHost:StopGraceSeconds={seconds}", "--DcpPublisher:RandomizePorts=true");

        Assert.Equal(1, await run.ExitCodeAsync());

        Assert.Contains($"AppHost:StopGraceSeconds is '{seconds}'; it is how many seconds", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"first +Healthy +(http://localhost:\d+)")]
    private static partial Regex Endpoint();
}
