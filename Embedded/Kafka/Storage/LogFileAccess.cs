using Microsoft.Win32.SafeHandles;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Everything that writes; tests put a disk in its place that is full or broken.</summary>
internal class LogFileAccess
{
    /// <summary>Opens or makes a file. Others may read, rename and delete it meanwhile.</summary>
    public virtual SafeFileHandle Open(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(file, bytes, position);

    public virtual void SetLength(SafeFileHandle file, long length) => RandomAccess.SetLength(file, length);

    public virtual void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);
}
