using Microsoft.Win32.SafeHandles;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Reads the heads of batches that follow each other in a file, several with one system call where they are small.</summary>
internal ref struct HeaderWindow(SafeFileHandle file, long end, Span<byte> buffer)
{
    /// <summary>A buffer that spans a usual distance between two index entries.</summary>
    public const int BufferSize = 4096 + RecordBatchHeader.Size;

    private readonly Span<byte> _buffer = buffer;
    private long _start;
    private int _filled;

    /// <summary>The head of the batch at <paramref name="position"/>; false at the end.</summary>
    /// <exception cref="InvalidDataException">The file no longer holds what was appended.</exception>
    public bool TryRead(long position, out RecordBatchHeader header)
    {
        header = default;
        if (position >= end)
        {
            return false;
        }
        if (position < _start || position + RecordBatchHeader.Size > _start + _filled)
        {
            (_start, _filled) = (position, RandomAccess.Read(file, _buffer, position));
        }
        if (position + RecordBatchHeader.Size > _start + _filled)
        {
            throw new InvalidDataException($"The segment ends within a batch at byte {position}.");
        }
        header = RecordBatchHeader.Read(_buffer[(int)(position - _start)..]);
        return header.TotalSize >= RecordBatchHeader.Size && header.TotalSize <= end - position
            ? true
            : throw new InvalidDataException($"There is no batch at byte {position} of the segment.");
    }
}
