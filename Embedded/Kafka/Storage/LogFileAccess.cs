using Microsoft.Win32.SafeHandles;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Everything that changes files; tests put a disk in its place that is full or broken.</summary>
internal class LogFileAccess
{
    /// <summary>Opens or makes a file. Others may read, rename and delete it meanwhile.</summary>
    public virtual SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <exception cref="IOException">The disk refuses; part of the bytes may have been written.</exception>
    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(file, bytes, position);
        }
        catch (ArgumentOutOfRangeException exception) when (position >= 0)
        {
            // So .NET says that the file would become larger than the file system or the process's limit allows (EFBIG).
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>Gives a file another name, in the place of one that has it.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Does nothing if the file is gone already.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    public virtual void SetLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    public virtual void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);
}
