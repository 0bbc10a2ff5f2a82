using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Which process listens on a port, where the system tells: on Linux, from <c>/proc/net/tcp</c> (proc(5)) and the open files of the processes that this user may look
/// into.
/// </summary>
internal static class PortHolder
{
    /// <summary>Column of the local address, <c>0100007F:1388</c>; of the state; of the socket's inode.</summary>
    private const int LocalAddress = 1, State = 3, Inode = 9;

    private const string Listening = "0A";

    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>"process 17 (dotnet)"; null where it cannot be known.</summary>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var sockets = s_tables.SelectMany(table => Inodes(table, port)).Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
        return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Where(folder => Holds(folder, sockets)).Select(Describe).FirstOrDefault();
    }

    private static IEnumerable<string> Inodes(string table, int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return !File.Exists(table) ? [] : File.ReadLines(table).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length > Inode && columns[State] == Listening && columns[LocalAddress].EndsWith(suffix, StringComparison.Ordinal))
            .Select(columns => columns[Inode]);
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return char.IsAsciiDigit(process[^1])
                && Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")).Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended, or is another user's.
        }
    }

    private static string Describe(string process)
    {
        try
        {
            var arguments = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            // What a runtime runs says more than the runtime's own name.
            var what = arguments.Length > 1 && arguments[1].EndsWith(".dll", StringComparison.Ordinal) ? arguments[1] : arguments.FirstOrDefault();
            return $"process {Path.GetFileName(process)} ({what ?? File.ReadAllText(Path.Combine(process, "comm")).Trim()})";
        }
        catch (IOException)
        {
            return $"process {Path.GetFileName(process)}";
        }
    }
}
