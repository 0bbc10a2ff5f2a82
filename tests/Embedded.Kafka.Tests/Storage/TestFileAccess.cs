using Microsoft.Win32.SafeHandles;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>A disk with a limited room: a write that does not fit is done in part, as the system does it, and then fails.</summary>
internal sealed class TestFileAccess : LogFileAccess
{
    public long Room { get; set; } = long.MaxValue;

    public bool RefusesToOpen { get; set; }

    public bool RefusesToFlush { get; set; }

    public override SafeFileHandle Open(string path) => RefusesToOpen ? throw new IOException("Too many open files") : base.Open(path);

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
    {
        var fits = (int)Math.Min(Room, bytes.Length);
        base.Write(file, bytes[..fits], position);
        Room -= fits;
        if (fits < bytes.Length)
        {
            throw new IOException("No space left on device");
        }
    }

    public override void Flush(SafeFileHandle file)
    {
        if (RefusesToFlush)
        {
            throw new IOException("Input/output error");
        }
        // Nothing is forced to the disk: no test cuts the power, and many tests share one disk.
    }
}
