namespace Streaming.EndToEnd.Tests.App;

/// <summary>
/// A variable in the environment of this process, which every process started from now on inherits, whatever session or user it moves
/// to: the way to find those that were left behind.
/// </summary>
internal sealed class ProcessMark
{
    private const string Name = "STREAMING_TEST_RUN";

    private readonly string _entry;

    private ProcessMark(string value) => _entry = $"{Name}={value}";

    public static ProcessMark Set()
    {
        var value = Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(Name, value);
        return new ProcessMark(value);
    }

    /// <summary>Command lines of the running processes that carry the mark, without this one. Linux only: it reads /proc.</summary>
    public IReadOnlyList<string> Processes()
    {
        var found = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && pid != Environment.ProcessId && HasMark(folder))
            {
                found.Add($"{pid} {CommandLine(folder)}");
            }
        }

        return found;
    }

    /// <summary>Waits until no process carries the mark any more; passes where that cannot be known.</summary>
    public Task IsGoneAsync(CancellationToken cancellationToken) => !OperatingSystem.IsLinux() ? Task.CompletedTask : Eventually.GetAsync(
        () => Task.FromResult(string.Join("; ", Processes())), left => left.Length == 0, "no process left", TimeSpan.FromSeconds(20), cancellationToken);

    private bool HasMark(string folder) => Read(Path.Combine(folder, "environ")).Split('\0').Contains(_entry);

    private static string CommandLine(string folder) => Read(Path.Combine(folder, "cmdline")).Replace('\0', ' ');

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked, or it is another user's and so not ours.
            return "";
        }
    }
}
