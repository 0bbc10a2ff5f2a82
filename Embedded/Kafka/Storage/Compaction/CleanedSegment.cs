using System.Buffers;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>A segment that the cleaner writes, under the first of its names (<see cref="SegmentSwap"/>), and the segments that go into it.</summary>
internal sealed class CleanedSegment : IDisposable
{
    private const int WriteBytes = 256 << 10;
    private readonly LogSegment _segment;
    private readonly LogFileAccess _access;
    private readonly int _indexIntervalBytes;
    private readonly ArrayBufferWriter<byte> _pending = new();
    private readonly List<RecordBatchHeader> _headers = [];
    private readonly List<LogSegment> _sources = [];
    private bool _isChanged;

    public CleanedSegment(LogView log, long baseOffset, LogFileAccess access)
    {
        (_access, _indexIntervalBytes) = (access, log.Config.IndexIntervalBytes);
        _segment = new LogSegment(SegmentSwap.CleanedPath(log.Folder, baseOffset), baseOffset, access);
    }

    public IReadOnlyList<LogSegment> Sources => _sources;

    /// <summary>Bytes written, or about to be.</summary>
    public long Size => _segment.Size + _pending.WrittenCount;

    /// <summary>Whether it differs from what it was made of.</summary>
    public bool IsChanged => _isChanged || _sources.Count > 1;

    /// <summary>Whether one more segment still fits; what is empty takes any, for an empty segment must not be left.</summary>
    public bool HasRoomFor(LogSegment source, long endOffset, long segmentBytes) =>
        Size == 0 || (Size + source.Size <= segmentBytes && endOffset - _segment.BaseOffset <= int.MaxValue);

    public void Begin(LogSegment source) => _sources.Add(source);

    /// <summary>Takes what the filter left of a batch.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Add(in FilteredBatch result, ReadOnlySpan<byte> original, in RecordBatchHeader header)
    {
        _isChanged |= !result.IsKept || result.Bytes is not null;
        if (!result.IsKept)
        {
            return;
        }
        _headers.Add(result.Bytes is null ? header : RecordBatchHeader.Read(result.Bytes));
        _pending.Write(result.Bytes is null ? original : result.Bytes);
        if (_pending.WrittenCount >= WriteBytes)
        {
            Write();
        }
    }

    /// <summary>Everything on the disk, with the index; the file is closed.</summary>
    /// <param name="staysAborted">Whether an aborted transaction's entry in the index is still needed.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public LogSegment Finish(Func<AbortedTransaction, bool> staysAborted)
    {
        Write();
        foreach (var aborted in _sources.SelectMany(source => source.Aborted.Entries.ToArray()).Where(staysAborted))
        {
            _segment.Aborted.Add(aborted);
        }
        _segment.Flush();
        SegmentIndexFile.Save(_segment, _segment.State, _access);
        _segment.Dispose();
        return _segment;
    }

    public void Dispose() => _segment.Dispose();

    private void Write()
    {
        if (_headers.Count > 0)
        {
            _segment.Append(_pending.WrittenSpan, _headers, _indexIntervalBytes, flush: false);
        }
        _pending.ResetWrittenCount();
        _headers.Clear();
    }
}
