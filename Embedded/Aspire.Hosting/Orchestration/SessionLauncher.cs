using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Starts a process in a session of its own: Ctrl+C in the terminal then reaches the AppHost only, which stops its children
/// in order, and a child can be killed with all that it started. On Windows there are no sessions; the process tree serves.
/// </summary>
internal static partial class SessionLauncher
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private const string PerlSetSid = "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or die \"$ARGV[0]: $!\\n\"";

    private static readonly string[] s_prefix = FindPrefix();

    /// <summary>Makes the start information of a program; the id of the process is then that of its session.</summary>
    public static ProcessStartInfo Describe(string program, IEnumerable<string> arguments)
    {
        string[] all = [.. s_prefix, program, .. arguments];
        var start = new ProcessStartInfo(all[0], all[1..]) { UseShellExecute = false };
        return start;
    }

    /// <summary>Asks a process to stop. On Windows there is no such request, and it is killed with its tree.</summary>
    public static void RequestStop(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = SendSignal(process.Id, Terminate);
        }
    }

    /// <summary>Kills whatever is left of a process's session.</summary>
    public static void KillAll(Process process)
    {
        if (OperatingSystem.IsWindows() || s_prefix.Length == 0)
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = SendSignal(-process.Id, Kill);
        }
    }

    /// <summary>The id of this process's parent; another one's once the parent has died. Not on Windows.</summary>
    public static int ParentId() => GetParentId();

    /// <summary><c>setsid</c> is part of every Linux; macOS has none, but Perl. Both replace themselves by the program.</summary>
    private static string[] FindPrefix()
    {
        if (OperatingSystem.IsWindows())
        {
            return [];
        }

        string[][] candidates = [["/usr/bin/setsid"], ["/bin/setsid"], ["/usr/bin/perl", "-e", PerlSetSid, "--"]];
        return candidates.FirstOrDefault(candidate => File.Exists(candidate[0])) ?? [];
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetParentId();
}
