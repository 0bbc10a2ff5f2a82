using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Resolves what a replica's process is started with: program, arguments, environment.</summary>
internal sealed class ProcessDescription(DistributedApplicationExecutionContext execution, DataFolders data, Dashboard.Secrets shown)
{
    /// <summary>Variables of the AppHost that are not its children's, as in the official package.</summary>
    private static readonly string[] s_notInherited = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    /// <exception cref="DistributedApplicationException">The program has not been built, or a value is missing.</exception>
    public async Task<ProcessStartInfo> DescribeAsync(Replica replica, LocalProgramAnnotation program, CancellationToken cancellationToken)
    {
        if (!File.Exists(program.AssemblyPath))
        {
            throw new DistributedApplicationException($"'{program.AssemblyPath}' is missing: build the AppHost again.");
        }

        var arguments = new List<string> { program.AssemblyPath };
        foreach (var argument in program.Arguments(replica, data))
        {
            arguments.Add(await ResolveAsync(argument, cancellationToken).ConfigureAwait(false) ?? "");
        }

        var start = SessionLauncher.Describe(DotNetHost.Path, arguments);
        start.WorkingDirectory = program.WorkingDirectory;
        foreach (var name in s_notInherited)
        {
            start.Environment.Remove(name);
        }

        var variables = await EnvironmentAsync(replica, cancellationToken).ConfigureAwait(false);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = await ResolveAsync(value, cancellationToken).ConfigureAwait(false);
        }

        await shown.RememberAsync(replica.Id, variables, start.Environment, cancellationToken).ConfigureAwait(false);
        return start;
    }

    private async Task<Dictionary<string, object>> EnvironmentAsync(Replica replica, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, object>();
        foreach (var annotation in replica.Resource.Annotations.OfType<PerReplicaEnvironmentAnnotation>())
        {
            annotation.Callback(variables, replica);
        }

        foreach (var annotation in replica.Resource.Annotations.OfType<PortVariableAnnotation>())
        {
            variables[annotation.Variable] = replica.Ports[annotation.Endpoint].ToString(CultureInfo.InvariantCulture);
        }

        var context = new EnvironmentCallbackContext(execution, replica.Resource, variables, cancellationToken);
        foreach (var annotation in replica.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return variables;
    }

    private static async ValueTask<string?> ResolveAsync(object value, CancellationToken cancellationToken) => value is IValueProvider provider
        ? await provider.GetValueAsync(cancellationToken).ConfigureAwait(false)
        : Convert.ToString(value, CultureInfo.InvariantCulture);
}
