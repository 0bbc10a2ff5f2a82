using Microsoft.Win32.SafeHandles;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>
/// Whole record batches as they lie in one segment file: <see cref="Length"/> bytes from <see cref="Position"/> of <see cref="File"/>.
/// The first batch holds the offset asked for (or the next one that exists), so it may begin with earlier records. The slice keeps the file readable,
/// even if retention or a topic's deletion removes it meanwhile, until it is disposed.
/// </summary>
public sealed class LogSlice : IDisposable
{
    private SafeFileHandle? _file;

    internal LogSlice(StorageError error, in LogBounds bounds) => (Error, Bounds) = (error, bounds);

    /// <summary>Takes over one reference of <paramref name="file"/>, which must have been added before.</summary>
    internal LogSlice(SafeFileHandle file, long position, int length, in LogBounds bounds, IReadOnlyList<AbortedTransaction> aborted)
        : this(StorageError.None, bounds)
        => (_file, Position, Length, Aborted) = (file, position, length, aborted);

    /// <summary>None, OffsetOutOfRange, UnknownTopicOrPartition or KafkaStorageError.</summary>
    public StorageError Error { get; }

    /// <summary>The log's offsets at the time of the read.</summary>
    public LogBounds Bounds { get; }

    /// <summary>
    /// With <see cref="IsolationLevel.ReadCommitted"/>, the aborted transactions that have records in the slice, in the order of their markers; a few that begin
    /// shortly behind it may be among them. Else empty.
    /// </summary>
    public IReadOnlyList<AbortedTransaction> Aborted { get; } = [];

    /// <summary>The segment's file for <c>sendfile</c>; null when the slice is empty.</summary>
    public SafeFileHandle? File => _file;

    /// <summary>Where in the file the first batch begins, in bytes.</summary>
    public long Position { get; }

    /// <summary>Size of the batches in bytes; 0 at the log's end and on error.</summary>
    public int Length { get; }

    /// <summary>Copies the bytes from <paramref name="sliceOffset"/> on into <paramref name="destination"/>, as many as fit; gives their number.</summary>
    /// <exception cref="IOException">The disk does not give them.</exception>
    public int CopyTo(Span<byte> destination, int sliceOffset = 0)
    {
        var wanted = Math.Min(destination.Length, Length - sliceOffset);
        var done = 0;
        while (done < wanted)
        {
            var read = RandomAccess.Read(_file!, destination[done..wanted], Position + sliceOffset + done);
            if (read == 0)
            {
                throw new EndOfStreamException($"The segment ends {wanted - done} bytes before the slice does.");
            }
            done += read;
        }
        return done;
    }

    /// <summary>Lets the file go.</summary>
    public void Dispose() => Interlocked.Exchange(ref _file, null)?.DangerousRelease();
}
