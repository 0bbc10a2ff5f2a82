using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Postgres.Cluster;

namespace Streaming.Embedded.Postgres.Processes;

/// <summary>A server that accepts connections.</summary>
internal sealed record RunningServer(ServerProcess Process, int Port, int ProcessId);

/// <summary>From a cluster at rest to a server that accepts connections. The folder's lock is held by the caller.</summary>
internal static class ServerStart
{
    private const int PortsTried = 5;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Deals with what a launcher that was killed has left: its server (which stops by itself when it notices, and is waited for), or a
    /// <c>postmaster.pid</c> whose process is gone (removed: by now its number may be another program's, which PostgreSQL would take for a server).
    /// </summary>
    /// <exception cref="PostgresStartException">A server that this project does not know of uses the folder.</exception>
    public static async Task ClearLeftOversAsync(ClusterFolder cluster, PostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        if (PostmasterFile.Read(cluster.Path) is not { } left)
        {
            return;
        }

        if (left.IsServerAlive())
        {
            Log.WaitingForOrphan(logger, options.DataDirectory, left.ProcessId);
            var waited = Stopwatch.StartNew();
            while (left.IsServerAlive())
            {
                if (waited.Elapsed > options.StopTimeout)
                {
                    throw new PostgresStartException($"{options.DataDirectory} is in use by a PostgreSQL server, process {left.ProcessId}: stop it, or choose another data folder.");
                }

                await Task.Delay(PollInterval, cancellationToken);
            }
        }

        if (File.Exists(PostmasterFile.PathIn(cluster.Path)))
        {
            Log.Recovering(logger, options.DataDirectory, left.ProcessId);
            File.Delete(PostmasterFile.PathIn(cluster.Path));
        }
    }

    /// <exception cref="PostgresStartException">The server ended, or did not become ready in time; the message holds its last lines.</exception>
    public static async Task<RunningServer> RunAsync(ClusterFolder cluster, PostgresOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        for (var attempt = 1; ; attempt++)
        {
            var port = options.Port != 0 ? options.Port : FreePort();
            var process = ServerProcess.Start(cluster, port, options, logger);
            try
            {
                if (await BecomesReadyAsync(process, cluster, port, options.StartTimeout - clock.Elapsed, cancellationToken) is { } processId)
                {
                    return new RunningServer(process, port, processId);
                }
            }
            catch
            {
                await process.StopAsync(cluster, options.StopTimeout);
                process.Dispose();
                throw;
            }

            var said = process.LastLines;
            process.Dispose();
            await DecideOnRetryAsync(said, port, attempt, clock.Elapsed, options, cancellationToken);
        }
    }

    /// <summary>Returns when another attempt makes sense: somebody took the free port in between, or a killed server's last process is still ending.</summary>
    private static async Task DecideOnRetryAsync(string said, int port, int attempt, TimeSpan elapsed, PostgresOptions options, CancellationToken cancellationToken)
    {
        var portTaken = said.Contains("could not bind", StringComparison.Ordinal) || said.Contains("could not create any TCP/IP sockets", StringComparison.Ordinal);
        if (portTaken && options.Port == 0 && attempt < PortsTried)
        {
            return;
        }

        if (said.Contains("pre-existing shared memory block", StringComparison.Ordinal) && elapsed < options.StopTimeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            return;
        }

        throw new PostgresStartException(portTaken
            ? $"Port {port} on 127.0.0.1 is taken: choose another one, or 0 for a free one."
            : $"PostgreSQL did not start in {options.DataDirectory}:\n{said}");
    }

    /// <returns>The server's process id, or null when it ended before.</returns>
    private static async Task<int?> BecomesReadyAsync(ServerProcess process, ClusterFolder cluster, int port, TimeSpan limit, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (process.HasExited)
            {
                await process.WaitForExitAsync(cancellationToken);
                return null;
            }

            if (PostmasterFile.Read(cluster.Path) is { IsReady: true } ready && ready.Port == port)
            {
                return ready.ProcessId;
            }

            if (waited.Elapsed > limit)
            {
                throw new PostgresStartException($"PostgreSQL did not accept connections within {limit.TotalSeconds:F0} s:\n{process.LastLines}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
