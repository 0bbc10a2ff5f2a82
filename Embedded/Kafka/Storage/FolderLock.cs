using System.Globalization;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Keeps a second broker out of a data folder. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    // What the systems say when a lock is taken; there is no exception of its own for it.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="DataFolderInUseException">Somebody else has it; the message says which process.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, ".lock");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            throw new DataFolderInUseException(folder, Holder(folder));
        }

        try
        {
            File.WriteAllText(HolderPath(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new FolderLock(file);
        }
        catch
        {
            // A full disk: nobody would let go of the lock before the process ends.
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    // The lock's own file cannot be read while it is locked.
    private static string HolderPath(string folder) => Path.Combine(folder, ".lock-holder");

    private static string Holder(string folder)
    {
        try
        {
            return $"process {File.ReadAllText(HolderPath(folder)).Trim()}";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
