using Microsoft.Win32.SafeHandles;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>What is known about a segment at one moment; what lies beyond <see cref="Size"/> does not count.</summary>
internal readonly record struct SegmentState(long Size, long NextOffset, long FirstTimestamp, long MaxTimestamp, long MaxTimestampPosition)
{
    public static SegmentState Empty(long baseOffset) => new(0, baseOffset, long.MinValue, long.MinValue, 0);

    /// <summary>The state after one more batch.</summary>
    public SegmentState Add(in RecordBatchHeader batch) => new(
        Size + batch.TotalSize,
        batch.LastOffset + 1,
        Size == 0 ? batch.MaxTimestamp : FirstTimestamp,
        Math.Max(MaxTimestamp, batch.MaxTimestamp),
        batch.MaxTimestamp > MaxTimestamp ? Size : MaxTimestampPosition);
}

/// <summary>
/// One file of whole batches, <c>&lt;base offset&gt;.log</c>. The partition's lock guards all changes; readers see whole batches only, because
/// <see cref="Size"/> grows after the bytes are there.
/// </summary>
internal sealed class LogSegment : IDisposable
{
    public const string IndexExtension = ".index";

    private readonly LogFileAccess _access;
    private SegmentState _state;
    private long _visibleSize;
    private long _maxTimestamp;
    private long _lastIndexed = -1;
    private bool _hasRemains;

    public LogSegment(string path, long baseOffset, LogFileAccess access)
    {
        (Path, BaseOffset, _access) = (path, baseOffset, access);
        File = access.Open(path);
        SetState(SegmentState.Empty(baseOffset));
    }

    public string Path { get; }

    public string IndexPath => System.IO.Path.ChangeExtension(Path, IndexExtension);

    public long BaseOffset { get; }

    public SafeFileHandle File { get; }

    public SegmentIndex Index { get; } = new();

    /// <summary>Aborted transactions whose markers lie in this segment.</summary>
    public AbortedIndex Aborted { get; } = new();

    /// <summary>Bytes that may be read.</summary>
    public long Size => Volatile.Read(ref _visibleSize);

    /// <summary>Largest timestamp in the segment; <see cref="long.MinValue"/> when it is empty.</summary>
    public long MaxTimestamp => Volatile.Read(ref _maxTimestamp);

    /// <summary>Everything at once; only under the partition's lock.</summary>
    public SegmentState State => _state;

    /// <summary>Size up to which the index file on disk is good.</summary>
    public long IndexedOnDisk { get; set; } = -1;

    public static string NameOf(long baseOffset) => baseOffset.ToString("D20", System.Globalization.CultureInfo.InvariantCulture) + ".log";

    /// <summary>Writes batches whose heads are final. If it throws, the segment is what it was.</summary>
    public void Append(ReadOnlySpan<byte> bytes, IReadOnlyList<RecordBatchHeader> headers, int indexIntervalBytes, bool flush)
    {
        RemoveRemains();
        try
        {
            _access.Write(File, bytes, _state.Size);
            if (flush)
            {
                _access.Flush(File);
            }
        }
        catch
        {
            _hasRemains = true;
            throw;
        }
        foreach (var header in headers)
        {
            Note(header, indexIntervalBytes);
        }
    }

    /// <summary>Takes a batch that lies in the file at the end of the known part into account.</summary>
    public void Note(in RecordBatchHeader header, int indexIntervalBytes)
    {
        if (_lastIndexed < 0 || _state.Size - _lastIndexed >= indexIntervalBytes)
        {
            Index.Add(new IndexEntry(header.BaseOffset, _state.Size, _state.MaxTimestamp));
            _lastIndexed = _state.Size;
        }
        SetState(_state.Add(header));
    }

    /// <summary>Remembers the transaction that the latest batch aborted, if it did.</summary>
    public void NoteAborted(in AbortedTransaction? aborted)
    {
        if (aborted is { } entry)
        {
            Aborted.Add(entry);
        }
    }

    /// <summary>Takes over what an index file says; only before anything else happened.</summary>
    public void Load(in SegmentState state, ReadOnlySpan<IndexEntry> entries)
    {
        Index.Load(entries);
        _lastIndexed = entries.IsEmpty ? -1 : entries[^1].Position;
        IndexedOnDisk = state.Size;
        SetState(state);
    }

    /// <summary>Cuts off what lies in the file behind the known part.</summary>
    public void CutTail() => _access.SetLength(File, _state.Size);

    public void Flush() => _access.Flush(File);

    public void Delete()
    {
        Dispose();
        _access.Delete(Path);
        _access.Delete(IndexPath);
    }

    /// <summary>Closes the file once no slice uses it any more.</summary>
    public void Dispose() => File.Dispose();

    // A write that failed halfway may have left bytes; they must go before the next one, which could be shorter.
    private void RemoveRemains()
    {
        if (_hasRemains)
        {
            CutTail();
            _hasRemains = false;
        }
    }

    private void SetState(in SegmentState state)
    {
        _state = state;
        Volatile.Write(ref _maxTimestamp, state.MaxTimestamp);
        Volatile.Write(ref _visibleSize, state.Size);
    }
}
