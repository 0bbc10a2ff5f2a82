using System.Globalization;
using System.Text;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Keeps a second broker out of a data folder. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="DataFolderInUseException">Somebody else has it; the message says which process.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, ".lock");
        FileStream file;
        try
        {
            // FileShare.None is an exclusive flock on Unix. It stands in the way of no one who asks for no lock, as Holder does.
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new DataFolderInUseException(folder, Holder(path));
        }
        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new FolderLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return $"process {reader.ReadToEnd().Trim()}";
        }
        catch (IOException)
        {
            return "another process"; // Windows does not let its number be read
        }
    }
}
