using System.Diagnostics;
using System.Globalization;

namespace Streaming.Embedded.Postgres.Cluster;

/// <summary>
/// Keeps a data folder for one launcher at a time: an advisory lock on a file in it, which the system drops when the launcher dies, however it dies.
/// A second file, which can be read while the first is locked, tells the holder's process id.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    // What the systems say when a lock is taken; FileStream has no exception of its own for it.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>A holder that is just ending (it was killed) is waited for.</summary>
    /// <exception cref="PostgresStartException">Another process, or another server of this one, holds the folder; or it cannot be written.</exception>
    public static async Task<FolderLock> TakeAsync(string dataDirectory, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return Take(dataDirectory);
            }
            catch (IOException e) when (e.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
            {
                if (waited.Elapsed > Patience)
                {
                    throw new PostgresStartException($"{dataDirectory} is in use by the process {Holder(dataDirectory)}: stop it, or choose another data folder.", e);
                }
            }
            catch (UnauthorizedAccessException e)
            {
                throw new PostgresStartException($"{dataDirectory} cannot be written by the user {Environment.UserName}: choose another data folder, or have its owner changed.", e);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    public void Dispose() => file.Dispose();

    private static FolderLock Take(string dataDirectory)
    {
        var file = new FileStream(Path.Combine(dataDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        try
        {
            File.WriteAllText(HolderPath(dataDirectory), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new FolderLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string Holder(string dataDirectory) => File.Exists(HolderPath(dataDirectory)) ? File.ReadAllText(HolderPath(dataDirectory)) : "(unknown)";

    private static string HolderPath(string dataDirectory) => Path.Combine(dataDirectory, "holder");
}
