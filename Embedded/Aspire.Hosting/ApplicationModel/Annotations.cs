namespace Aspire.Hosting.ApplicationModel;

/// <summary>Sets environment variables of a resource's process, each time it starts.</summary>
public class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Sets them.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>The environment variables of a process that is about to start.</summary>
public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext, IResource resource,
    Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default)
{
    /// <summary>Texts, or values that are resolved afterwards.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];

    /// <summary>The application's mode.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Ends the wait for values.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Names a health check that says whether the resource is healthy.</summary>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The health check's registered name.</summary>
    public string Key { get; } = key;
}

/// <summary>How many processes of a project run.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number, at least 1.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>A resource to wait for.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>What is waited for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Until when.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What happens when it fails; null for the default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }
}

/// <summary>Until when a resource is waited for.</summary>
public enum WaitType
{
    /// <summary>Until it is healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Until it has ended.</summary>
    WaitForCompletion,

    /// <summary>Until it runs.</summary>
    WaitUntilStarted,
}

/// <summary>What a waiter does when the resource fails.</summary>
public enum WaitBehavior
{
    /// <summary>Goes on waiting: somebody may start it again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Fails too.</summary>
    StopOnResourceUnavailable,
}

/// <summary>Says that a resource has to do with another.</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What they have to do with each other: <c>Reference</c>, <c>Parent</c>, <c>WaitFor</c>.</summary>
    public string Type { get; } = type;
}

/// <summary>The launch profile that a project is run with.</summary>
public sealed class LaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
{
    /// <summary>Its name in <c>launchSettings.json</c>.</summary>
    public string LaunchProfileName { get; } = launchProfileName;
}
