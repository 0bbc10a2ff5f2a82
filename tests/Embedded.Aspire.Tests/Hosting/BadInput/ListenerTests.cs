using System.Globalization;

namespace Streaming.Embedded.Aspire.Tests.Hosting.BadInput;

public sealed class ListenerTests
{
    /// <summary>127.0.0.1, ::1 and ::ffff:127.0.0.1 as the kernel writes them: words of 32 bits, each in the machine's byte order (proc(5)).</summary>
    private static readonly string[] s_loopback = ["0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"];

    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    [Fact]
    public async Task Nothing_listens_beyond_loopback()
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // There is no /proc to read.
        }

        await using var run = AppHostRun.Start("--DcpPublisher:RandomizePorts=true", "--Servers=true");
        await run.SaysAsync("Everything runs");

        var sockets = run.Descendants().SelectMany(Sockets).ToHashSet();
        var listeners = s_tables.SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[3] == "0A" && sockets.Contains($"socket:[{columns[9]}]")).Select(columns => columns[1]).ToList();
        run.Signal("INT");

        Assert.True(listeners.Count >= 5, $"Three services, Kafka and PostgreSQL listen, but seen are: {string.Join(", ", listeners)}");
        Assert.All(listeners, listener => Assert.Contains(listener.Split(':')[0], s_loopback));
        Assert.Equal(0, await run.ExitCodeAsync());
    }

    private static IEnumerable<string> Sockets(int process)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd")).Select(file => new FileInfo(file).LinkTarget).OfType<string>()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
