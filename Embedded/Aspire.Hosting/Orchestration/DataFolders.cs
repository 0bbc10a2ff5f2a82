using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Where servers keep their data: <c>data/{name}</c> beside the AppHost's folder for those whose data is kept, else a
/// temporary folder that is removed at the end.
/// </summary>
internal sealed class DataFolders(string appHostDirectory, OrphanGuard guard) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private readonly string _kept = Root(appHostDirectory);
    private FileStream? _hold;
    private string? _temporary;

    /// <summary>The root of the kept folders of an AppHost.</summary>
    public static string Root(string appHostDirectory) => Path.GetFullPath(Path.Combine(appHostDirectory, "..", "data"));

    /// <summary>Claims the kept folders for this process.</summary>
    /// <exception cref="DistributedApplicationException">Another process holds them, or they cannot be written to.</exception>
    public void Hold()
    {
        try
        {
            Directory.CreateDirectory(_kept);
            Lock(Path.Combine(_kept, "holder"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The folder for kept data, '{_kept}', cannot be used: {exception.Message} Mend that, or start with --UseVolumes=false for fresh data, which is not kept.", exception);
        }
    }

    /// <summary>Whether a file could not be opened because another process has it open for itself alone.</summary>
    public static bool IsHeld(IOException exception) => exception.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) /* ERROR_SHARING_VIOLATION */
        : OperatingSystem.IsLinux() ? 11 /* EAGAIN, of flock */ : 35 /* the same of BSD and macOS */);

    private void Lock(string holder)
    {
        try
        {
            // The lock goes with the process, however it ends; who holds it stands in a file of its own, which others can read.
            _hold = new FileStream(Path.Combine(_kept, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            var who = File.Exists(holder) ? File.ReadAllText(holder).Trim() : "another process";
            throw new DistributedApplicationException(
                $"The data in '{_kept}' is in use by {who}. Stop that one first, or start this one with --UseVolumes=false for fresh data.", exception);
        }

        WaitForEarlierRun();
        File.WriteAllText(Path.Combine(_kept, "guard"), guard.ProcessId?.ToString(CultureInfo.InvariantCulture));
        File.WriteAllText(holder, string.Create(
            CultureInfo.InvariantCulture, $"process {Environment.ProcessId} ({Environment.ProcessPath}), started {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss zzz}"));
    }

    /// <summary>The folder of a resource; made when it does not exist.</summary>
    public string For(IResource resource) => resource.TryGetLastAnnotation<DataVolumeAnnotation>(out var volume)
        ? Directory.CreateDirectory(Path.Combine(_kept, volume.Folder)).FullName
        : Directory.CreateDirectory(Path.Combine(Temporary(), resource.Name)).FullName;

    public void Dispose()
    {
        _hold?.Dispose();
        if (_temporary is not null && Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }

    /// <summary>A run that was killed has let go of the folders at once, but its guard may still be stopping its servers.</summary>
    private void WaitForEarlierRun()
    {
        var path = Path.Combine(_kept, "guard");
        if (!File.Exists(path) || !int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        try
        {
            using var earlier = Process.GetProcessById(id);
            if (earlier.ProcessName == "sh")
            {
                earlier.WaitForExit(s_patience);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended.
        }
    }

    private string Temporary()
    {
        lock (guard)
        {
            if (_temporary is null)
            {
                _temporary = Directory.CreateTempSubdirectory("aspire-").FullName;
                guard.RemoveAtEnd(_temporary);
                if (!OperatingSystem.IsWindows())
                {
                    // A server that drops to another user has to pass through; nobody can list it.
                    const UnixFileMode passThrough = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
                    File.SetUnixFileMode(_temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | passThrough);
                }
            }

            return _temporary;
        }
    }
}
