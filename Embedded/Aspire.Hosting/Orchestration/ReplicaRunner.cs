using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Orchestration;

/// <summary>What every <see cref="ReplicaRunner"/> needs.</summary>
internal sealed record RunnerServices(
    IServiceProvider Services, ResourceStates States, ResourceNotificationService Notifications, ResourceLoggerService Logs,
    IDistributedApplicationEventing Eventing, ProcessDescription Description, OrphanGuard Guard, StartFailures Failures, OrchestrationOptions Options);

/// <summary>Why a replica is started.</summary>
internal enum StartReason
{
    /// <summary>The application starts; that it cannot start without this replica is its end.</summary>
    Application,

    /// <summary>Somebody asked for it, who is told how it went.</summary>
    Command,
}

/// <summary>Starts, watches and stops the process of one replica.</summary>
internal sealed class ReplicaRunner(Replica replica, LocalProgramAnnotation program, RunnerServices services) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly Lock _lock = new();
    private CancellationTokenSource _starting = new();
    private bool _isClosed;
    private ChildProcess? _process;
    private Task _watching = Task.CompletedTask;
    private bool _stopping;

    public Replica Replica => replica;

    private bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>Waits for what the resource waits for, then starts it. A failure becomes the replica's state, and is the result.</summary>
    public async Task<ExecuteCommandResult> StartAsync(StartReason reason, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return IsRunning ? CommandResults.Success() : Begin(cancellationToken) is { } token ? await TryStartAsync(reason, token).ConfigureAwait(false) : CommandResults.Canceled();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Stops it, or calls its start off.</summary>
    /// <param name="forGood">Whether it is never to start again.</param>
    /// <param name="hurry">Ends the grace.</param>
    public async Task StopAsync(bool forGood, CancellationToken hurry)
    {
        Task calledOff;
        lock (_lock)
        {
            _isClosed |= forGood;
            calledOff = _starting.CancelAsync();
        }

        await calledOff.ConfigureAwait(false);
        await _oneAtATime.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_process is { } process && IsRunning)
            {
                _stopping = true;
                await services.States.StoppingAsync(replica).ConfigureAwait(false);
                await process.StopAsync(services.Options.StopGrace, TellOfKill, hurry).ConfigureAwait(false);
            }

            await _watching.ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _starting.Dispose();
        _oneAtATime.Dispose();
    }

    /// <summary>What calls a new start off; null when it is not to start again.</summary>
    private CancellationToken? Begin(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }

            _starting.Dispose();
            _starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            return _starting.Token;
        }
    }

    private async Task<ExecuteCommandResult> TryStartAsync(StartReason reason, CancellationToken cancellationToken)
    {
        try
        {
            if (replica.Resource.HasAnnotationOfType<WaitAnnotation>())
            {
                await services.States.WaitingAsync(replica).ConfigureAwait(false);
                await services.Notifications.WaitForDependenciesAsync(replica.Resource, cancellationToken).ConfigureAwait(false);
            }

            await services.States.StartingAsync(replica).ConfigureAwait(false);
            await services.Eventing.PublishAsync(new BeforeResourceStartedEvent(replica.Resource, services.Services), cancellationToken).ConfigureAwait(false);
            await CheckPortsAsync(cancellationToken).ConfigureAwait(false);
            var start = await services.Description.DescribeAsync(replica, program, cancellationToken).ConfigureAwait(false);
            return await LaunchAsync(start, reason, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await services.States.EndedAsync(replica, KnownResourceStates.NotStarted, exitCode: null).ConfigureAwait(false);
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // Whatever a subscriber to the event or what makes the environment throws: the replica has failed to start, which is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var isExpected = exception is DistributedApplicationException or Win32Exception or IOException or UnauthorizedAccessException;
            await services.States.EndedAsync(replica, KnownResourceStates.FailedToStart, exitCode: null).ConfigureAwait(false);
            services.Failures.Report(replica, reason, exception.Message, isExpected ? null : exception);
            return CommandResults.Failure(exception.Message);
        }
    }

    /// <summary>A server that was killed may hold its port a moment longer, until what it had started has ended too.</summary>
    private async Task CheckPortsAsync(CancellationToken cancellationToken)
    {
        for (var patience = _process is null ? 0 : 100; ; patience--)
        {
            var (endpoint, port) = replica.Ports.FirstOrDefault(port => !FreePorts.IsFree(port.Value));
            if (endpoint is null)
            {
                return;
            }

            if (patience == 0)
            {
                throw new DistributedApplicationException(
                    $"port {port}, its endpoint '{endpoint.Name}', is taken by {PortHolder.Find(port) ?? "another program"}. Stop that one, or give '{replica.Resource.Name}' another port ({endpoint.PortSetting}).");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ExecuteCommandResult> LaunchAsync(ProcessStartInfo start, StartReason reason, CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stopping = false;
        var process = ChildProcess.Start(start, program.WatchesInput, services.Guard, (line, isError) =>
        {
            if (!isError && program.ReadyWord is { } word && line.StartsWith(word, StringComparison.Ordinal))
            {
                ready.TrySetResult();
                return;
            }

            services.Logs.Add(replica.Resource.Name, replica.Id, line, isError);
        });
        _process?.Dispose();
        _process = process;
        if (program.ReadyWord is not null)
        {
            await WaitUntilReadyAsync(process, ready.Task, cancellationToken).ConfigureAwait(false);
        }

        if (!process.Exited.IsCompleted)
        {
            await services.States.RunningAsync(replica, process.Id).ConfigureAwait(false);
        }

        _watching = WatchAsync(process, reason);
        return process.Exited.IsCompleted ? CommandResults.Failure(EndedEarly(await process.Exited.ConfigureAwait(false))) : CommandResults.Success();
    }

    private async Task WaitUntilReadyAsync(ChildProcess process, Task ready, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(ready, process.Exited).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync(services.Options.StopGrace, TellOfKill, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Else a program that does not hear SIGTERM would cost the grace at every stop, and nobody would know why.</summary>
    private void TellOfKill() => services.Logs.Add(replica.Resource.Name, replica.Id, string.Create(
        CultureInfo.InvariantCulture, $"Warning: {replica.Id} has not stopped within {services.Options.StopGrace.TotalSeconds} s after it was asked to, and is killed."), isError: true);

    private static string EndedEarly(int exitCode) => $"its process ended with exit code {exitCode} before it was healthy.";

    private async Task WatchAsync(ChildProcess process, StartReason reason)
    {
        var exitCode = await process.Exited.ConfigureAwait(false);
        var wasReady = services.States.Of(replica)?.IsReady ?? false;
        var state = exitCode == 0 && !_stopping ? KnownResourceStates.Finished : KnownResourceStates.Exited;
        await services.States.EndedAsync(replica, state, exitCode).ConfigureAwait(false);
        if (!_stopping && wasReady)
        {
            services.Failures.ReportEnd(replica, exitCode);
        }
        else if (!_stopping && exitCode != 0)
        {
            services.Failures.Report(replica, reason, EndedEarly(exitCode));
        }
    }
}
