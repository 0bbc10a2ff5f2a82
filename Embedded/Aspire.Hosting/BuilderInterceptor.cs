using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Stands between an AppHost's program and the builder that it makes: set around the program by tests, so that they can
/// change the model before it is built and start what was built themselves.
/// </summary>
internal abstract class BuilderInterceptor
{
    private static readonly AsyncLocal<BuilderInterceptor?> s_current = new();

    public static BuilderInterceptor? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public abstract void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public abstract void OnCreated(DistributedApplicationBuilder builder);

    /// <summary>The program has finished its model; returns when it may be built.</summary>
    public abstract void OnBuilding(DistributedApplicationBuilder builder);

    public abstract void OnBuilt(DistributedApplication application);
}
