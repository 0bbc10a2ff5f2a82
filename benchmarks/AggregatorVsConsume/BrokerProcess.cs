using System.Diagnostics;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>
/// The embedded broker in a process of its own, as the application runs it, so that its garbage is not collected at the expense of whoever
/// is measured. It ends with this process at the latest: its standard input closes then.
/// </summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly Process _process;

    private BrokerProcess(Process process, string bootstrapServers)
    {
        _process = process;
        BootstrapServers = bootstrapServers;
    }

    public string BootstrapServers { get; }

    /// <exception cref="InvalidOperationException">The broker ended without saying that it is ready; its own log says why.</exception>
    public static async Task<BrokerProcess> StartAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Streaming.Embedded.Kafka.dll");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { program, "--listen", "127.0.0.1:0", "--data", dataDirectory, "--stop-with-stdin" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["Logging__LogLevel__Default"] = "Warning" },
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The broker did not start.");
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return line?.Split(' ') is ["ready", var address]
            ? new BrokerProcess(process, address)
            : throw new InvalidOperationException($"The broker said '{line}' instead of being ready.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
