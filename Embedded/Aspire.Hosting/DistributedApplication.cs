using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application that can be run.</summary>
public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    private bool _stopped;

    /// <summary>The services that run it.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>Knows and tells the state of every resource.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Gives commands to resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Whether a test starts and stops it, and not the program that built it.</summary>
    internal bool IsRunByOthers { get; init; }

    /// <summary>Begins to describe an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Begins to describe an application; the arguments are read as configuration.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Begins to describe an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs it until it is told to stop; the process's exit code is 1 when a resource failed to start.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs it until it is told to stop; the process's exit code is 1 when a resource failed to start.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunByOthers)
        {
            await WaitForEndAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await host.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>Starts everything; resources that wait for others go on starting after this has returned.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <summary>Stops everything: a resource only when those that depend on it have stopped.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default)
    {
        _stopped = true;
        return host.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        if (!_stopped && IsRunByOthers)
        {
            await StopAsync().ConfigureAwait(false);
        }

        await ((IAsyncDisposable)host).DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    Task IHost.StartAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    Task IHost.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    private async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lifetime = Services.GetRequiredService<IHostApplicationLifetime>();
        await using var stopped = lifetime.ApplicationStopped.Register(ended.SetResult).ConfigureAwait(false);
        await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
