using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Postgres.Cluster;

namespace Streaming.Embedded.Postgres.Processes;

/// <summary>One run of <c>postgres</c>. It ends when <see cref="StopAsync"/> is called or this process dies, however it dies.</summary>
internal sealed class ServerProcess : IDisposable
{
    /// <summary>
    /// The server's parent. Its standard input is a pipe that the launcher holds open: at its end (the launcher closed it, or is dead) the server
    /// gets SIGINT, PostgreSQL's fast shutdown. $@ is the server's command.
    /// </summary>
    private const string Keeper = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        server=$!
        { while read -r _; do :; done <&3; kill -INT $server; } >/dev/null 2>&1 &
        watcher=$!
        exec 3<&-
        wait $server
        code=$?
        kill $watcher 2>/dev/null
        exit $code
        """;

    private const int LinesKept = 15;

    private readonly Process process;
    private readonly ILogger logger;
    private readonly ConcurrentQueue<string> lastLines = new();
    private readonly Task output;
    private readonly Task errors;

    private ServerProcess(Process process, ILogger logger)
    {
        this.process = process;
        this.logger = logger;
        output = ForwardAsync(process.StandardOutput);
        errors = ForwardAsync(process.StandardError);
    }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>The last lines that the server wrote, for the message of a failed start.</summary>
    public string LastLines => string.Join('\n', lastLines);

    public static ServerProcess Start(ClusterFolder cluster, int port, PostgresOptions options, ILogger logger)
    {
        string[] server = [cluster.Binaries.Server, "-D", cluster.Path, .. Settings(port, options.Fsync)];
        string[] command = OperatingSystem.IsWindows() ? server : [.. Session(), .. cluster.Prefix, "sh", "-c", Keeper, "postgres-keeper", .. server];
        var process = new Process { StartInfo = Command.StartInfo(command, cluster.Prefix.Length > 0 ? "/" : cluster.Path) };
        process.Start();
        return new ServerProcess(process, logger);
    }

    /// <summary>Ends when the server has, with all that it wrote forwarded.</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        await Task.WhenAll(output, errors).WaitAsync(cancellationToken);
    }

    /// <summary>Fast shutdown: open transactions are rolled back, the log is written. After the timeout, a kill.</summary>
    /// <returns>False when the server had to be killed.</returns>
    public async Task<bool> StopAsync(ClusterFolder cluster, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                await Command.RunAsync([cluster.Binaries.Control, "stop", "-D", cluster.Path, "-m", "fast"], limit.Token);
            }

            process.StandardInput.Close();
            await WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return false;
        }
    }

    public void Dispose() => process.Dispose();

    /// <summary>Sized for a small machine beside other programs; durable unless asked otherwise. TCP on loopback only, no Unix socket.</summary>
    private static IEnumerable<string> Settings(int port, bool fsync)
    {
        List<string> settings =
        [
            "listen_addresses=127.0.0.1", "port=" + port.ToString(CultureInfo.InvariantCulture), "unix_socket_directories=",
            "max_connections=200", "shared_buffers=64MB", "max_wal_size=512MB", "wal_compression=on",
            "jit=off", // compiling small queries costs more than it gains
            "max_parallel_workers_per_gather=0", // needs shared memory that small containers lack
            "autovacuum_max_workers=2", "timezone=UTC", "log_timezone=UTC", "log_line_prefix=", "logging_collector=off", "log_destination=stderr",
            "log_min_messages=log", // a client is told of its failed statements itself
        ];
        if (!fsync)
        {
            settings.AddRange(["fsync=off", "full_page_writes=off", "synchronous_commit=off"]);
        }

        return settings.SelectMany(setting => new[] { "-c", setting });
    }

    /// <summary>A session of its own where there is setsid: Ctrl+C in a terminal then reaches the launcher only, which stops things in order.</summary>
    private static string[] Session() => File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid"] : [];

    private async Task ForwardAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            lastLines.Enqueue(line);
            while (lastLines.Count > LinesKept && lastLines.TryDequeue(out _))
            {
            }

            var level = LevelOf(line);
            Log.ServerLine(logger, level, line);
        }
    }

    /// <summary>A client's errors (ERROR, FATAL: a wrong password) are that client's matter; only PANIC is the server's.</summary>
    internal static LogLevel LevelOf(string line) => line.Split(':', 2)[0] switch
    {
        "PANIC" => LogLevel.Error,
        "FATAL" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Information,
        _ => LogLevel.Debug,
    };
}
