using Microsoft.Win32.SafeHandles;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>A disk with a limited room: a write that does not fit is done in part, as the system does it, and then fails.</summary>
internal sealed class TestFileAccess : LogFileAccess
{
    public long Room { get; set; } = long.MaxValue;

    public bool RefusesToOpen { get; set; }

    public bool RefusesToFlush { get; set; }

    /// <summary>So many operations are done, then none any more, as if the process had been killed; a write that it falls on is done by half.</summary>
    public long OperationsLeft { get; set; } = long.MaxValue;

    public override SafeFileHandle Open(string path)
    {
        Count();
        return RefusesToOpen ? throw new IOException("Too many open files") : base.Open(path);
    }

    public override void Move(string from, string to)
    {
        Count();
        base.Move(from, to);
    }

    public override void Delete(string path)
    {
        Count();
        base.Delete(path);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
    {
        if (OperationsLeft == 1)
        {
            base.Write(file, bytes[..(bytes.Length / 2)], position);
        }
        Count();
        var fits = (int)Math.Min(Room, bytes.Length);
        base.Write(file, bytes[..fits], position);
        Room -= fits;
        if (fits < bytes.Length)
        {
            throw new IOException("No space left on device");
        }
    }

    private void Count()
    {
        if (OperationsLeft-- <= 1)
        {
            OperationsLeft = 0;
            throw new IOException("The process has been killed");
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
