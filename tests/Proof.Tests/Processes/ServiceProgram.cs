using System.Diagnostics;
using System.Globalization;

namespace Streaming.Proof.Tests.Processes;

/// <summary>
/// One of the application's programs in a process of its own that can be killed, frozen and started again with the same arguments. It ends with
/// this process at the latest, however that ends.
/// </summary>
/// <param name="name">What it is called in messages, and its log file.</param>
/// <param name="program">Path of its assembly.</param>
/// <param name="folder">Where its log file is put.</param>
internal sealed class ServiceProgram(string name, string program, string folder) : IAsyncDisposable
{
    /// <summary>
    /// The program's parent: it says the program's id, and kills it when its own standard input, a pipe that this process holds, ends. $@ is the command.
    /// </summary>
    private const string Keeper = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        program=$!
        echo "pid $program"
        { while read -r _; do :; done <&3; kill -KILL $program; } >/dev/null 2>&1 &
        watcher=$!
        exec 3<&-
        wait $program
        code=$?
        kill $watcher 2>/dev/null
        exit $code
        """;

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(20);

    private readonly ProgramLog _log = new(Path.Combine(folder, $"{name}.log"));
    private Process? _process;

    public string Name => name;

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A line of standard output that begins with this means that the program is ready; null: it is as soon as it runs.</summary>
    public string? ReadyLine { get; init; }

    public int ProcessId { get; private set; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The last lines that it wrote.</summary>
    public string LastLines => _log.ToString();

    /// <summary>Whether it has ever written a text, in any of its runs.</summary>
    public bool HasWritten(string text) => _log.Has(text);

    /// <exception cref="InvalidOperationException">It ended, or was not ready in time.</exception>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("sh")
        {
            ArgumentList = { "-c", Keeper, $"keeper of {name}", DotNet, "exec", program },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in Environment)
        {
            start.Environment[key] = value;
        }

        _log.Add("---- start");
        _process?.Dispose();
        _process = Process.Start(start)!;
        await BecomesReadyAsync(_process);
    }

    public void Send(string signal)
    {
        _log.Add($"---- {signal}");
        Signal.Send(signal, ProcessId);
    }

    /// <summary>Waits for its end.</summary>
    public async Task EndedAsync()
    {
        using var bound = new CancellationTokenSource(StopBound);
        await _process!.WaitForExitAsync(bound.Token);
        _log.Add($"---- ended with code {_process.ExitCode}");
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            Send(Signal.Continue);
            Send(Signal.Terminate);
            try
            {
                await EndedAsync();
            }
            catch (OperationCanceledException)
            {
                Send(Signal.Kill);
                await EndedAsync();
            }
        }

        _process?.Dispose();
        _log.Dispose();
    }

    private static string DotNet => System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private async Task BecomesReadyAsync(Process process)
    {
        var hasId = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isReady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, e) =>
        {
            _log.Add(e.Data);
            if (e.Data is { } line && line.StartsWith("pid ", StringComparison.Ordinal) && !hasId.Task.IsCompleted)
            {
                hasId.TrySetResult(int.Parse(line[4..], CultureInfo.InvariantCulture));
            }
            else if (e.Data is { } other && ReadyLine is { } ready && other.StartsWith(ready, StringComparison.Ordinal))
            {
                isReady.TrySetResult();
            }
        };
        process.ErrorDataReceived += (_, e) => _log.Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        ProcessId = await hasId.Task.WaitAsync(StartBound);
        if (ReadyLine is not null && await Task.WhenAny(isReady.Task, process.WaitForExitAsync(), Task.Delay(StartBound)) != isReady.Task)
        {
            throw new InvalidOperationException($"{name} {(process.HasExited ? $"ended with code {process.ExitCode}" : $"was not ready within {StartBound}")}:\n{_log}");
        }
    }
}
