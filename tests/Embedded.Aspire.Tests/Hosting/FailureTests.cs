using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

public sealed class FailureTests
{
    [Fact]
    public async Task Waiting_for_a_resource_that_crashes_throws()
    {
        await using var sample = await SampleApp.StartAsync("--Third:SAMPLE_CRASH=3");

        var thrown = await Assert.ThrowsAsync<DistributedApplicationException>(() => sample.HealthyAsync("third"));

        Assert.Contains("third", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await sample.ReplicasAsync("third", 1, snapshot => snapshot.ExitCode is not null)).Single().Snapshot.ExitCode);
    }

    [Fact]
    public async Task What_waits_for_a_resource_that_crashes_fails_to_start()
    {
        await using var sample = await SampleApp.StartAsync("--FirstCrash=3");

        await sample.ReplicasAsync("second", 2, snapshot => snapshot.State?.Text == KnownResourceStates.FailedToStart);
    }

    [Fact]
    public async Task A_command_for_an_unknown_resource_fails()
    {
        await using var sample = await SampleApp.StartAsync();

        var result = await sample.App.ResourceCommands.ExecuteCommandAsync("nobody", KnownResourceCommands.StopCommand);

        Assert.False(result.Success);
        Assert.Contains("nobody", result.ErrorMessage, StringComparison.Ordinal);
    }
}
