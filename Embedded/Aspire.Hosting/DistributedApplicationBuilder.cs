using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly BuilderInterceptor? _interceptor = BuilderInterceptor.Current;

    /// <summary>Takes command-line arguments as configuration.</summary>
    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    /// <summary>Takes options.</summary>
    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _interceptor?.OnCreating(options, settings);
        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? BuiltFrom(AppHostAssembly) ?? Directory.GetCurrentDirectory();
        settings.ContentRootPath ??= Directory.Exists(AppHostDirectory) ? AppHostDirectory : AppContext.BaseDirectory;
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;
        _host = new HostApplicationBuilder(settings);
        _host.Configuration.AddCommandLine(settings.Args ?? [], PublishRequest.Switches);
        ExecutionContext = new(PublishRequest.OperationOf(_host.Configuration));
        if (ExecutionContext.IsPublishMode)
        {
            _host.AddPublishing(this, watched: _interceptor is not null);
        }
        else
        {
            AddOrchestration(options);
        }

        _interceptor?.OnCreated(this);
    }

    /// <inheritdoc/>
    public ConfigurationManager Configuration => _host.Configuration;

    /// <inheritdoc/>
    public string AppHostDirectory { get; }

    /// <inheritdoc/>
    public Assembly? AppHostAssembly { get; }

    /// <inheritdoc/>
    public IHostEnvironment Environment => _host.Environment;

    /// <inheritdoc/>
    public IServiceCollection Services => _host.Services;

    /// <inheritdoc/>
    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    /// <inheritdoc/>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <inheritdoc/>
    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <inheritdoc/>
    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (Resources.FirstOrDefault(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{other.GetType()}' with that name already exists.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    /// <inheritdoc/>
    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <inheritdoc/>
    public DistributedApplication Build()
    {
        _interceptor?.OnBuilding(this);
        var application = new DistributedApplication(_host.Build()) { IsRunByOthers = _interceptor is not null };
        _interceptor?.OnBuilt(application);
        return application;
    }

    private void AddOrchestration(DistributedApplicationOptions options)
    {
        if (!options.DisableDashboard)
        {
            DashboardSettings.AddDashboard(_host);
        }

        _host.AddOrchestration(this, watched: _interceptor is not null, logResources: options.EnableResourceLogging);
    }

    private static string? BuiltFrom(Assembly? assembly) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "AppHostProjectPath")?.Value;
}
