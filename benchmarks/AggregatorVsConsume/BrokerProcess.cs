using System.Diagnostics;
using Streaming.Embedded.Kafka;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>
/// The embedded broker in a process of its own, as the application runs it, so that its garbage is not collected at the expense of whoever
/// is measured. It ends with this process at the latest: its standard input closes then.
/// </summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    /// <summary>The first argument that makes this program the broker; the second is its folder.</summary>
    public const string Argument = "broker";

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly Process _process;

    private BrokerProcess(Process process, string bootstrapServers)
    {
        _process = process;
        BootstrapServers = bootstrapServers;
    }

    public string BootstrapServers { get; }

    /// <exception cref="InvalidOperationException">The broker ended without saying that it is ready; its own output says why.</exception>
    public static async Task<BrokerProcess> StartAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(DotNet.Host)
        {
            ArgumentList = { typeof(BrokerProcess).Assembly.Location, Argument, dataDirectory },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException("The broker did not start.");
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return line?.Split(' ') is ["ready", var address]
            ? new BrokerProcess(process, address)
            : throw new InvalidOperationException($"The broker said '{line}' instead of being ready.");
    }

    /// <summary>Inside the process: serves until standard input ends.</summary>
    public static async Task ServeAsync(string dataDirectory)
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = dataDirectory });
        await Console.Out.WriteLineAsync($"ready {broker.BootstrapServers}");
        await Console.In.ReadToEndAsync();
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
