using Aspire.Hosting.ApplicationModel;

namespace Streaming.Embedded.Aspire.Tests.Hosting.BadInput;

/// <summary>A resource that crashes at start, twice, then works.</summary>
public sealed class CrashingResourceTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    private string[] Arguments => [$"--Third:SAMPLE_CRASH_FILE={_file}", "--Third:SAMPLE_CRASHES=2", "--DcpPublisher:RandomizePorts=true"];

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task The_command_to_start_it_can_be_given_until_it_works()
    {
        await using var sample = await SampleApp.StartAsync(Arguments);
        await sample.App.ResourceNotifications.WaitForResourceAsync("third", KnownResourceStates.TerminalStates).WaitAsync(SampleApp.Bound);

        await sample.App.ResourceCommands.ExecuteCommandAsync("third", KnownResourceCommands.StartCommand);
        await sample.App.ResourceNotifications.WaitForResourceAsync(
            "third", update => update.Snapshot.State?.Text == KnownResourceStates.Exited && File.ReadAllLines(_file).Length == 2).WaitAsync(SampleApp.Bound);
        await sample.App.ResourceCommands.ExecuteCommandAsync("third", KnownResourceCommands.StartCommand);

        await sample.HealthyAsync("third");
        Assert.Equal(2, File.ReadAllLines(_file).Length);
    }

    [Fact]
    public async Task A_run_ends_with_its_last_lines_and_the_way_out_each_time_and_the_third_works()
    {
        for (var time = 1; time <= 2; time++)
        {
            await using var run = AppHostRun.Start(Arguments);

            Assert.Equal(1, await run.ExitCodeAsync());
            Assert.Matches($@"'third' failed to start: its process ended with exit code 3[^\n]*\nIts last lines:\s+the sample gives up for time {time}\s", run.Output);
            Assert.Contains("Mend what they say, then run the AppHost again.", run.Output, StringComparison.Ordinal);
            await run.LeavesNothingAsync($"after crash {time}");
        }

        await using var third = AppHostRun.Start(Arguments);
        await third.SaysAsync("Everything runs");
        third.Signal("INT");
        Assert.Equal(0, await third.ExitCodeAsync());
        await third.LeavesNothingAsync("after the run that worked");
    }
}
