using System.Diagnostics;
using System.Globalization;

namespace Streaming.Aggregator.Tests.Servers;

/// <summary>Signals to other processes (Unix).</summary>
internal static class Signals
{
    public static void Send(string signal, params IEnumerable<int> processIds)
    {
        var start = new ProcessStartInfo("kill") { ArgumentList = { $"-{signal}" }, RedirectStandardError = true };
        foreach (var id in processIds)
        {
            start.ArgumentList.Add(id.ToString(CultureInfo.InvariantCulture));
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
    }

    /// <summary>A process and those that it started.</summary>
    public static IReadOnlyList<int> WithChildren(int processId)
    {
        using var list = Process.Start(new ProcessStartInfo("pgrep", ["-P", processId.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var children = list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        list.WaitForExit();
        return [processId, .. children.Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }
}
