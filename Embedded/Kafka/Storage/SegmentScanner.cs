using Microsoft.Win32.SafeHandles;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Reads a segment file batch by batch and checks each one's checksum; stops at the first that is not whole.</summary>
internal sealed class SegmentScanner(SafeFileHandle file, long length)
{
    private const int MaxControlBatchSize = 4096; // a marker has 78 bytes
    private readonly byte[] _buffer = new byte[1 << 20];
    private long _start;
    private int _filled;

    /// <summary>The valid batch at <paramref name="position"/>, if it begins at <paramref name="minimumOffset"/> or later.</summary>
    public bool TryRead(long position, long minimumOffset, out RecordBatchHeader header)
    {
        header = default;
        if (length - position < RecordBatchHeader.Size)
        {
            return false;
        }
        header = RecordBatchHeader.Read(Window(position, RecordBatchHeader.Size));
        return header.Magic == 2
            && header.TotalSize >= RecordBatchHeader.Size && header.TotalSize <= length - position
            && header.BaseOffset >= minimumOffset && header.LastOffsetDelta >= 0
            && Checksum(position, header.TotalSize) == header.Crc;
    }

    /// <summary>What the control batch at <paramref name="position"/> says; null if it is no transaction's marker.</summary>
    public EndTransactionMarker? ReadMarker(long position, in RecordBatchHeader header) =>
        header.TotalSize <= MaxControlBatchSize
            ? EndTransactionMarker.TryRead(Window(position, (int)header.TotalSize)[RecordBatchHeader.Size..])
            : null;

    // A batch may be larger than the buffer, and a broken length is no reason to take memory for it.
    private uint Checksum(long position, long size)
    {
        var sum = new Crc32CSum();
        for (long done = RecordBatchHeader.ChecksummedFrom; done < size;)
        {
            var part = Window(position + done, (int)Math.Min(size - done, _buffer.Length));
            sum.Add(part);
            done += part.Length;
        }
        return sum.Value;
    }

    private ReadOnlySpan<byte> Window(long position, int size)
    {
        if (position < _start || position + size > _start + _filled)
        {
            (_start, _filled) = (position, 0);
            while (_filled < size)
            {
                var read = RandomAccess.Read(file, _buffer.AsSpan(_filled), position + _filled);
                if (read == 0)
                {
                    throw new EndOfStreamException($"The segment became shorter than {length} bytes while it was read.");
                }
                _filled += read;
            }
        }
        return _buffer.AsSpan((int)(position - _start), size);
    }
}
