using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>A child process: its lines, its end, and the ways to bring that about.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly OrphanGuard _guard;

    private ChildProcess(Process process, OrphanGuard guard, Action<string, bool> onLine)
    {
        _process = process;
        _guard = guard;
        Id = process.Id;
        guard.Add(Id);
        Exited = WatchAsync(ReadAsync(process.StandardOutput, onLine, isError: false), ReadAsync(process.StandardError, onLine, isError: true));
    }

    public int Id { get; }

    /// <summary>Completes with the exit code, when its last lines have been read and nothing of it is left.</summary>
    public Task<int> Exited { get; }

    /// <param name="start">What to start.</param>
    /// <param name="keepInput">Whether its standard input stays open; else it ends at once.</param>
    /// <param name="guard">Ends it when this process dies.</param>
    /// <param name="onLine">Called with each line and whether it came on standard error.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static ChildProcess Start(ProcessStartInfo start, bool keepInput, OrphanGuard guard, Action<string, bool> onLine)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new DistributedApplicationException($"'{start.FileName}' could not be started.");
        if (!keepInput)
        {
            process.StandardInput.Close();
        }

        return new ChildProcess(process, guard, onLine);
    }

    /// <summary>Asks it to stop and kills it when the grace is over or the token says so.</summary>
    /// <param name="grace">How long it may take.</param>
    /// <param name="onDeaf">Called when it has not stopped within the grace and is going to be killed.</param>
    /// <param name="hurry">Ends the grace.</param>
    public async Task<int> StopAsync(TimeSpan grace, Action onDeaf, CancellationToken hurry)
    {
        if (!Exited.IsCompleted)
        {
            SessionLauncher.RequestStop(_process);
            try
            {
                return await Exited.WaitAsync(grace, hurry).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                if (exception is TimeoutException)
                {
                    onDeaf();
                }

                SessionLauncher.KillAll(_process);
            }
        }

        return await Exited.ConfigureAwait(false);
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WatchAsync(params Task[] reading)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.Exited += (_, _) => ended.TrySetResult();
        _process.EnableRaisingEvents = true;
        await ended.Task.ConfigureAwait(false);

        // What it started and left behind would keep its data, its ports and its output open.
        if (!OperatingSystem.IsWindows())
        {
            SessionLauncher.KillAll(_process);
        }

        await Task.WhenAny(Task.WhenAll(reading), Task.Delay(TimeSpan.FromSeconds(2))).ConfigureAwait(false);
        _guard.Remove(Id);
        return _process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader output, Action<string, bool> onLine, bool isError)
    {
        await Task.Yield();
        while (await output.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            onLine(line, isError);
        }
    }
}
