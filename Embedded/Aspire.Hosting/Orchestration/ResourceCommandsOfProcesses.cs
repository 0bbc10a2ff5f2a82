using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Gives every resource that has a process the commands start, stop and restart.</summary>
internal static class ResourceCommandsOfProcesses
{
    public static void Add(IResource resource, Orchestrator orchestrator)
    {
        resource.Annotations.Add(Command(KnownResourceCommands.StartCommand, "Start", context => orchestrator.ExecuteAsync(context, stop: false, start: true)));
        resource.Annotations.Add(Command(KnownResourceCommands.StopCommand, "Stop", context => orchestrator.ExecuteAsync(context, stop: true, start: false)));
        resource.Annotations.Add(Command(KnownResourceCommands.RestartCommand, "Restart", context => orchestrator.ExecuteAsync(context, stop: true, start: true)));
    }

    private static ResourceCommandAnnotation Command(string name, string title, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> execute) => new(
        name, title, _ => ResourceCommandState.Enabled, execute,
        displayDescription: null, parameter: null, confirmationMessage: null, iconName: null, iconVariant: null, isHighlighted: false);
}
