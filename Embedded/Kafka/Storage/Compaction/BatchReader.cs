using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>Reads a segment's batches one after the other, each whole and with its checksum checked. The caller keeps the file open.</summary>
internal sealed class BatchReader(SafeFileHandle file, long position, long end) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 << 10);
    private long _start = position; // what the buffer begins with, in the file
    private int _filled;
    private long _position = position;

    /// <summary>The head of the present batch.</summary>
    public RecordBatchHeader Header { get; private set; }

    /// <summary>The whole present batch; valid until the next step.</summary>
    public ReadOnlySpan<byte> Batch => _buffer.AsSpan((int)(_position - Header.TotalSize - _start), (int)Header.TotalSize);

    /// <summary>Goes to the next batch; false at the end.</summary>
    /// <exception cref="InvalidDataException">The file no longer holds what was appended.</exception>
    public bool MoveNext()
    {
        if (_position >= end)
        {
            return false;
        }
        Header = RecordBatchHeader.Read(Window(RecordBatchHeader.Size));
        if (Header.TotalSize < RecordBatchHeader.Size || Header.TotalSize > end - _position || Header.TotalSize > Array.MaxLength)
        {
            throw Damaged();
        }
        var batch = Window((int)Header.TotalSize);
        if (Crc32C.Compute(batch[RecordBatchHeader.ChecksummedFrom..]) != Header.Crc)
        {
            throw Damaged();
        }
        _position += batch.Length;
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));

    private ReadOnlySpan<byte> Window(int size)
    {
        if (_position + size > _start + _filled)
        {
            Refill(size);
        }
        return _buffer.AsSpan((int)(_position - _start), size);
    }

    private void Refill(int size)
    {
        if (size > end - _position)
        {
            throw Damaged();
        }
        if (size > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(size);
        }
        (_start, _filled) = (_position, 0);
        while (_filled < size)
        {
            var wanted = (int)Math.Min(_buffer.Length - _filled, end - _start - _filled);
            var read = RandomAccess.Read(file, _buffer.AsSpan(_filled, wanted), _start + _filled);
            _filled += read > 0 ? read : throw Damaged();
        }
    }

    private InvalidDataException Damaged() => new($"There is no whole batch at byte {_position} of the segment.");
}
