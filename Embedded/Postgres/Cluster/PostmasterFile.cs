using System.Globalization;

namespace Streaming.Embedded.Postgres.Cluster;

/// <summary>
/// <c>postmaster.pid</c>, which the server keeps in its data folder while it runs: line 1 process id, 4 port, 8 state ("ready" once it accepts
/// connections). Source: PostgreSQL's src/include/utils/pidfile.h.
/// </summary>
internal sealed record PostmasterFile(int ProcessId, int Port, bool IsReady)
{
    public static string PathIn(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <returns>Null while there is no such file, or not yet a whole first line.</returns>
    public static PostmasterFile? Read(string cluster)
    {
        try
        {
            using var file = new FileStream(PathIn(cluster), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return Parse(reader.ReadToEnd());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    internal static PostmasterFile? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 2 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var processId))
        {
            return null;
        }

        _ = int.TryParse(lines.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var port);
        return new PostmasterFile(Math.Abs(processId), port, lines.ElementAtOrDefault(7)?.Trim() == "ready");
    }

    /// <summary>Whether that process runs and is a PostgreSQL server: after a crash or in a fresh container the number may be anybody's.</summary>
    public bool IsServerAlive()
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(ProcessId);
            return !process.HasExited && process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false; // no such process, or it has just ended
        }
    }
}
