using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The program that describes the application under test.</summary>
internal abstract class TestedProgram(string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : BuilderInterceptor
{
    /// <summary>Completes with the application once it may be and has been built.</summary>
    public abstract Task<DistributedApplication> BuildAsync(DistributedApplicationBuilder builder, CancellationToken cancellationToken);

    /// <summary>Waits for the program's end; nothing of it is left afterwards.</summary>
    public abstract Task EndAsync();

    public override void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.EnvironmentName ??= Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development;
        options.Args = settings.Args = ["--DcpPublisher:RandomizePorts=true", .. args];
        configure(options, settings);
    }

    public override void OnCreated(DistributedApplicationBuilder builder)
    {
    }
}

/// <summary>No program: the test describes the application itself.</summary>
internal sealed class OwnProgram(string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : TestedProgram(args, configure)
{
    public DistributedApplicationBuilder CreateBuilder()
    {
        var former = Current;
        Current = this;
        try
        {
            return new DistributedApplicationBuilder([]);
        }
        finally
        {
            Current = former;
        }
    }

    public override Task<DistributedApplication> BuildAsync(DistributedApplicationBuilder builder, CancellationToken cancellationToken) => Task.FromResult(builder.Build());

    public override Task EndAsync() => Task.CompletedTask;

    public override void OnBuilding(DistributedApplicationBuilder builder)
    {
    }

    public override void OnBuilt(DistributedApplication application)
    {
    }
}
