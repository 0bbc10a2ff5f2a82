using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Embedded.Postgres.Cluster;
using Streaming.Embedded.Postgres.Processes;

namespace Streaming.Embedded.Postgres;

/// <summary>
/// A private PostgreSQL server on loopback, run from the machine's own binaries (or npm's). It stops when this object is disposed, and also when this
/// process dies. Several may run at once, each on a folder of its own.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly PostgresOptions options;
    private readonly ClusterFolder cluster;
    private readonly FolderLock folderLock;
    private readonly ServerProcess process;
    private readonly ILogger logger;
    private int disposed;

    private PostgresServer(PostgresOptions options, ClusterFolder cluster, FolderLock folderLock, RunningServer running, ILogger logger)
    {
        this.options = options;
        this.cluster = cluster;
        this.folderLock = folderLock;
        this.logger = logger;
        process = running.Process;
        Port = running.Port;
        ProcessId = running.ProcessId;
    }

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The server's (postmaster's) process id.</summary>
    public int ProcessId { get; }

    /// <summary>As <c>postgres --version</c> says, such as 15.18.</summary>
    public string Version => cluster.Binaries.Version;

    /// <summary>For Npgsql: host, port, user name and password; no database, so the one named like the user.</summary>
    public string ConnectionString => new DbConnectionStringBuilder
    {
        ["Host"] = "127.0.0.1",
        ["Port"] = Port,
        ["Username"] = cluster.Credentials.UserName,
        ["Password"] = cluster.Credentials.Password,
    }.ConnectionString;

    /// <summary>Makes the cluster if there is none, recovers it if the last run ended badly, and returns when the server accepts connections.</summary>
    /// <exception cref="ArgumentException">An option cannot be used.</exception>
    /// <exception cref="PostgresStartException">No PostgreSQL, the folder is in use or of another version, the port is taken, …: the message says what to do.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory) };
        logger ??= NullLogger.Instance;

        CreateFolder(options.DataDirectory);
        var folderLock = await FolderLock.TakeAsync(options.DataDirectory, cancellationToken);
        try
        {
            var cluster = await ClusterFolder.OpenAsync(options, logger, cancellationToken);
            await ServerStart.ClearLeftOversAsync(cluster, options, logger, cancellationToken);
            await cluster.ApplyPasswordAsync(cancellationToken);
            var running = await ServerStart.RunAsync(cluster, options, logger, cancellationToken);
            Log.Started(logger, cluster.Binaries.Version, running.Port, running.ProcessId, options.DataDirectory);
            return new PostgresServer(options, cluster, folderLock, running, logger);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Ends when the server has: after <see cref="DisposeAsync"/>, or by itself (then the exit code is logged as an error).</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await process.WaitForExitAsync(cancellationToken);
        if (Volatile.Read(ref disposed) == 0)
        {
            Log.EndedByItself(logger, ProcessId, process.ExitCode);
        }
    }

    /// <summary>Stops the server cleanly (fast shutdown); kills it after <see cref="PostgresOptions.StopTimeout"/>. The folder is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        if (await process.StopAsync(cluster, options.StopTimeout))
        {
            Log.Stopped(logger, ProcessId);
        }
        else
        {
            Log.Killed(logger, ProcessId, options.StopTimeout);
        }

        process.Dispose();
        folderLock.Dispose();
    }

    private static void CreateFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PostgresStartException($"The data folder {path} cannot be made: {e.Message}", e);
        }
    }
}
