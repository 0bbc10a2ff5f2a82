using System.Diagnostics;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

/// <summary>Whether processes live, and waiting until they do not.</summary>
internal static class RunningProcess
{
    public static bool Lives(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited && !IsZombie(id);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static async Task HasEndedAsync(int id, TimeSpan bound)
    {
        var since = Stopwatch.GetTimestamp();
        while (Lives(id))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < bound, $"process {id} still lives after {bound}");
            await Task.Delay(50);
        }
    }

    /// <summary>Ended, and nobody has asked for its exit code: where the first process of a container does not.</summary>
    private static bool IsZombie(int id)
    {
        try
        {
            var stat = $"/proc/{id}/stat";
            return File.Exists(stat) && File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
