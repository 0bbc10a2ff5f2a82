using System.Diagnostics;
using System.Reflection;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>The broker as a process of its own, with a folder and a port that outlive it: kill it and start it again.</summary>
internal sealed class BrokerProcess : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TestFolder _folder = new();
    private Process? _process;

    public string Servers { get; private set; } = "127.0.0.1:0";

    public async Task StartAsync()
    {
        var program = typeof(BrokerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BrokerProgram").Value!;
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, "--listen", Servers, "--data", _folder.Path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Bound);
        Assert.StartsWith("ready ", line);
        Servers = line!["ready ".Length..];
    }

    /// <summary>As by kill -9, and a new one at the same address.</summary>
    public async Task KillAndRestartAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        _process.Dispose();
        await StartAsync();
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Dispose();
    }
}
