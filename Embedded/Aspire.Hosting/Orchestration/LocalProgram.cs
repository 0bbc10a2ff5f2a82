using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The .NET program that a resource runs as.</summary>
internal sealed class LocalProgramAnnotation(string assemblyPath, string workingDirectory) : IResourceAnnotation
{
    public string AssemblyPath { get; } = assemblyPath;

    public string WorkingDirectory { get; } = workingDirectory;

    /// <summary>Command-line arguments: texts and <see cref="IValueProvider"/>s.</summary>
    public Func<Replica, DataFolders, IEnumerable<object>> Arguments { get; init; } = (_, _) => [];

    /// <summary>The first word of the line on standard output that says that it accepts clients; null where it says nothing.</summary>
    public string? ReadyWord { get; init; }

    /// <summary>Whether it stops when its standard input ends, which then stays open while the AppHost lives.</summary>
    public bool WatchesInput { get; init; }
}

/// <summary>Sets environment variables that differ between replicas.</summary>
internal sealed class PerReplicaEnvironmentAnnotation(Action<Dictionary<string, object>, Replica> callback) : IResourceAnnotation
{
    public Action<Dictionary<string, object>, Replica> Callback { get; } = callback;
}

/// <summary>An environment variable that tells the port to listen on.</summary>
internal sealed class PortVariableAnnotation(EndpointAnnotation endpoint, string variable) : IResourceAnnotation
{
    public EndpointAnnotation Endpoint { get; } = endpoint;

    public string Variable { get; } = variable;
}

/// <summary>The resource's data is kept between runs, in a folder of this name.</summary>
internal sealed class DataVolumeAnnotation(string folder) : IResourceAnnotation
{
    public string Folder { get; } = folder;
}

/// <summary>One of the processes of a resource. Resources without a process have one that stands for themselves.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Suffix">What tells it from the other replicas; empty for resources without a process.</param>
/// <param name="Ports">What it listens on.</param>
internal sealed record Replica(IResource Resource, string Suffix, IReadOnlyDictionary<EndpointAnnotation, int> Ports)
{
    /// <summary>The id under which its state and its lines are found.</summary>
    public string Id { get; } = Suffix.Length == 0 ? Resource.Name : $"{Resource.Name}-{Suffix}";
}
