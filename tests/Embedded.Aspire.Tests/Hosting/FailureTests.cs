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
    public async Task Whatever_a_subscriber_throws_is_why_the_resource_failed_and_the_answer_to_the_command()
    {
        var message = "of the subscriber";
        await using var sample = await SampleApp.StartAsync(builder => builder.Eventing.Subscribe<BeforeResourceStartedEvent>((started, _) =>
            started.Resource.Name == "first" && message.Length > 0 ? throw new InvalidOperationException(message) : Task.CompletedTask));
        await sample.ReplicasAsync("first", 1, snapshot => snapshot.State?.Text == KnownResourceStates.FailedToStart);

        var failed = await sample.App.ResourceCommands.ExecuteCommandAsync("first", KnownResourceCommands.StartCommand);
        message = "";
        var started = await sample.App.ResourceCommands.ExecuteCommandAsync("first", KnownResourceCommands.StartCommand);

        Assert.Equal((false, "of the subscriber"), (failed.Success, failed.ErrorMessage));
        Assert.True(started.Success);
        await sample.HealthyAsync("first");
    }

    [Fact]
    public async Task Commands_given_while_everything_stops_leave_nothing_behind_and_none_is_taken_afterwards()
    {
        await using var sample = await SampleApp.StartAsync();
        await sample.HealthyAsync("first", "second");

        var stopping = sample.App.StopAsync();
        var given = Enumerable.Repeat(KnownResourceCommands.RestartCommand, 5).Select(command => sample.App.ResourceCommands.ExecuteCommandAsync("first", command)).ToList();
        await stopping.WaitAsync(SampleApp.Bound);

        Assert.All(given, command => Assert.True(command.IsCompletedSuccessfully));
        var first = (await sample.ReplicasAsync("first", 1, _ => true)).Single();
        Assert.NotEqual(KnownResourceStates.Running, first.Snapshot.State?.Text);
        var late = await sample.App.ResourceCommands.ExecuteCommandAsync("first", KnownResourceCommands.StartCommand);
        Assert.Equal((false, "The application is being stopped."), (late.Success, late.ErrorMessage));
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
