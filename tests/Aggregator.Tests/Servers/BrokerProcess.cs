using System.Diagnostics;

namespace Streaming.Aggregator.Tests.Servers;

/// <summary>The broker as a program, which can be killed and started again on the same port and folder.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-broker-").FullName;
    private Process? _process;

    public string BootstrapServers { get; private set; } = "127.0.0.1:0";

    public static async Task<BrokerProcess> StartAsync()
    {
        var broker = new BrokerProcess();
        await broker.RestartAsync();
        return broker;
    }

    public async Task RestartAsync()
    {
        string[] arguments = ["exec", Program(), "--listen", BootstrapServers, "--data", _folder, "--no-auto-create"];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Bound);
        BootstrapServers = line is { } ready && ready.StartsWith("ready ", StringComparison.Ordinal)
            ? ready["ready ".Length..]
            : throw new InvalidOperationException($"The broker said '{line}'.");
    }

    /// <summary>In its own output folder, beside that of the tests: bin/(project)/(configuration).</summary>
    private static string Program()
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(own.Parent!.Parent!.FullName, "Kafka", own.Name, "Streaming.Embedded.Kafka.dll");
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
