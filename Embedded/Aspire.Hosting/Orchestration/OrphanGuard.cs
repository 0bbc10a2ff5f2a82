using System.Diagnostics;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Ends the children when this process dies without having stopped them, even by SIGKILL: a small shell script holds the
/// other end of a pipe, is told the children's sessions, and stops them when the pipe ends. On Windows there is none;
/// children whose standard input is watched end by themselves, the others have to be ended by hand.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    /// <summary>
    /// One word and one value per line: <c>add</c> and <c>del</c> a session, <c>tmp</c> a folder to remove. After the end of
    /// the pipe: SIGTERM to each session's leader, ten seconds, SIGKILL to whatever is left of the session.
    /// </summary>
    private const string Script = """
        trap '' INT TERM HUP QUIT
        sessions= folder=
        while read -r what value; do
          case $what in
            add) sessions="$sessions $value" ;;
            del) kept=; for s in $sessions; do [ "$s" = "$value" ] || kept="$kept $s"; done; sessions=$kept ;;
            tmp) folder=$value ;;
          esac
        done
        for s in $sessions; do kill -TERM "$s" 2>/dev/null; done
        turns=0
        while [ -n "$sessions" ] && [ $turns -lt 50 ]; do
          kept=; for s in $sessions; do ! kill -0 "-$s" 2>/dev/null || kept="$kept $s"; done; sessions=$kept
          [ -z "$sessions" ] || sleep 0.2
          turns=$((turns + 1))
        done
        for s in $sessions; do kill -KILL "-$s" 2>/dev/null; done
        [ -z "$folder" ] || rm -rf -- "$folder"
        """;

    private readonly Process? _shell;
    private readonly Lock _lock = new();

    public OrphanGuard()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var start = SessionLauncher.Describe("/bin/sh", ["-c", Script]);
        start.RedirectStandardInput = true;
        start.WorkingDirectory = "/";
        _shell = Process.Start(start);
    }

    /// <summary>The guard's process; null on Windows.</summary>
    public int? ProcessId => _shell?.Id;

    public void Add(int session) => Tell($"add {session}");

    public void Remove(int session) => Tell($"del {session}");

    /// <summary>A folder that is removed at the end.</summary>
    public void RemoveAtEnd(string folder) => Tell($"tmp {folder}");

    /// <summary>Ends the pipe, and with it the guard.</summary>
    public void Dispose()
    {
        if (_shell is not null)
        {
            _shell.StandardInput.Close();
            _shell.WaitForExit(TimeSpan.FromSeconds(15));
            _shell.Dispose();
        }
    }

    private void Tell(string line)
    {
        lock (_lock)
        {
            _shell?.StandardInput.Write($"{line}\n");
            _shell?.StandardInput.Flush();
        }
    }
}
