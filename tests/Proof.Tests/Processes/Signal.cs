using System.Diagnostics;
using System.Globalization;

namespace Streaming.Proof.Tests.Processes;

/// <summary>Signals, sent by the shell's <c>kill</c>.</summary>
internal static class Signal
{
    public const string Kill = "KILL";
    public const string Stop = "STOP";
    public const string Continue = "CONT";
    public const string Terminate = "TERM";

    /// <summary>Sends a signal to all of the processes; one that has ended already is passed over.</summary>
    public static void Send(string signal, params IReadOnlyList<int> processIds)
    {
        string[] ids = [.. processIds.Select(id => id.ToString(CultureInfo.InvariantCulture))];
        var start = new ProcessStartInfo("sh") { ArgumentList = { "-c", "kill -$0 \"$@\" 2>/dev/null; true", signal } };
        Array.ForEach(ids, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        process.WaitForExit();
    }

    /// <summary>The processes whose parent is this one. Linux: it reads /proc.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == processId)];

    private static int ParentOf(int processId)
    {
        try
        {
            // "1234 (name, which may hold anything) S 1 …": state and parent follow the last parenthesis.
            var status = File.ReadAllText($"/proc/{processId}/stat");
            return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // it ended meanwhile
        }
    }
}
