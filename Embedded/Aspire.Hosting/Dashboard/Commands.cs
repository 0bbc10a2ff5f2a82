using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>Gives the resources the commands that people press buttons for, and remembers how the last one went.</summary>
internal sealed class Commands(ResourceCommandService service)
{
    /// <summary>Completes when all commands have.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>How the last command went, in a sentence.</summary>
    public string? Outcome { get; private set; }

    /// <summary>Carries a command out. A long one (a start that waits for others, a stop) goes on behind the page that shows it.</summary>
    public Task RunAsync(string resource, string command)
    {
        var run = ExecuteAsync(resource, command);
        lock (service)
        {
            Ended = Task.WhenAll(Ended, run);
        }

        return Task.WhenAny(run, Task.Delay(TimeSpan.FromSeconds(1)));
    }

    private async Task ExecuteAsync(string resource, string command)
    {
        Outcome = $"{resource}: {command} …";
        var result = await service.ExecuteCommandAsync(resource, command, CancellationToken.None).ConfigureAwait(false);
        Outcome = $"{resource}: {command} {(result.Success ? "done" : result.Canceled ? "called off" : $"failed: {result.ErrorMessage}")}";
    }
}
