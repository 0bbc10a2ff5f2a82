using System.Diagnostics;
using Streaming.Aggregator.Tests.Servers;

namespace Streaming.Aggregator.Tests.Pipeline;

/// <summary>An Aggregator as a program; disposing it kills it (SIGKILL) and waits for its end.</summary>
internal sealed class AggregatorProcess : IDisposable
{
    private readonly Process _process;

    private AggregatorProcess(Process process) => _process = process;

    public static AggregatorProcess Start(string kafka, string database, LineLog lines, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet")
        {
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "Aggregator.dll") },
            RedirectStandardOutput = true,
            Environment =
            {
                ["ConnectionStrings__kafka"] = kafka,
                ["ConnectionStrings__streaming"] = database,
                ["Aggregator__Pipelines"] = Streaming.Aggregator.Pipelines.SalesByStore.Name,
                ["Aggregator__SessionTimeout"] = "00:00:06",
                ["Aggregator__CheckpointInterval"] = "00:00:00.050",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
            },
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[$"Aggregator__{key}"] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => lines.Add($"[{process.Id}] {e.Data}");
        process.BeginOutputReadLine();
        return new AggregatorProcess(process);
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Asks it to end (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public async Task<int> TerminateAsync(TimeSpan limit)
    {
        Signals.Send("TERM", Id);
        await _process.WaitForExitAsync().WaitAsync(limit);
        return _process.ExitCode;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            Kill();
        }

        _process.Dispose();
    }
}
