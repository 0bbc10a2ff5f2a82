using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Streaming.Embedded.Aspire.Tests.Hosting;

/// <summary>A run of the sample AppHost: its process, what it writes, its children.</summary>
internal sealed class AppHostRun : IAsyncDisposable
{
    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<Task> _reading;
    private readonly string _mark;

    private AppHostRun(Process process, string mark)
    {
        (_process, _mark) = (process, mark);
        _reading = [ReadAsync(process.StandardOutput), ReadAsync(process.StandardError)];
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static AppHostRun Start(params string[] arguments)
    {
        var assembly = typeof(Projects.SampleAppHost).Assembly.Location;
        // A shell's background job ignores interrupts, and its children inherit that: the tests may be such a job, the AppHost is not to be one.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT,QUIT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Inherited by all that it starts, by which that is found again.
        var mark = start.Environment["SAMPLE_RUN"] = Guid.NewGuid().ToString("N");
        return new AppHostRun(Process.Start(start)!, mark!);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>The ids of its direct children; Linux only.</summary>
    public List<int> Children()
    {
        var task = $"/proc/{_process.Id}/task";
        return [.. Directory.EnumerateDirectories(task)
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    /// <summary>The ids of all processes that it started, whatever has become of it; Linux only.</summary>
    public List<int> Descendants() => [.. Directory.EnumerateDirectories("/proc")
        .Where(folder => char.IsAsciiDigit(folder[^1]) && Environment(folder).Contains($"SAMPLE_RUN={_mark}", StringComparison.Ordinal))
        .Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
        .Where(id => id != _process.Id)];

    /// <summary>Waits until nothing of it is left.</summary>
    public async Task LeavesNothingAsync(string when)
    {
        var since = Stopwatch.GetTimestamp();
        for (var left = Descendants(); left.Count > 0; left = Descendants())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_bound, $"{when}: {string.Join(", ", left.Select(CommandLine))} still live.");
            await Task.Delay(50);
        }
    }

    public async Task SaysAsync(string text)
    {
        var since = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_bound, $"It has not said '{text}' but:\n{Output}");
            await Task.Delay(50);
        }
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_bound);
        await Task.WhenAll(_reading).WaitAsync(s_bound);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string CommandLine(int id) => $"process {id} ({Read($"/proc/{id}/cmdline").Replace('\0', ' ')})";

    private static string Environment(string folder) => Read(Path.Combine(folder, "environ"));

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended, or is somebody else's.
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
