using System.Buffers;
using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>
/// One partition: an append-only log of record batches with dense offsets. Every member may be called from any thread. Appends take one lock; reads
/// take none: the segments are a list that is replaced as a whole, and a segment's size grows after its bytes are written.
/// </summary>
public sealed partial class PartitionLog
{
    private readonly Lock _gate = new();        // everything that changes the log
    private readonly Lock _maintenance = new(); // retention, checkpoints, closing; taken before the gate
    private readonly string _folder;
    private readonly string _name;
    private readonly LogContext _context;
    private readonly ProducerTable _producers;
    private readonly DataSignal _signal = new();
    private volatile LogSegment[] _segments;
    private volatile TopicConfig _config;
    private volatile bool _closed;
    private PartitionCheckpoint _checkpoint;
    private long _logStartOffset;
    private long _nextOffset;
    private bool _appendsFail;

    internal PartitionLog(string folder, string topic, int index, TopicConfig config, LogContext context)
    {
        (_folder, _name, Index, _config, _context) = (folder, $"{topic}-{index}", index, config, context);
        var recovered = new PartitionRecovery(folder, _name, config.IndexIntervalBytes, context.Access, context.Time, context.Logger).Open();
        (_segments, _producers, _checkpoint) = ([.. recovered.Segments], recovered.Producers, recovered.Checkpoint);
        _logStartOffset = recovered.LogStartOffset;
        Publish(recovered.NextOffset);
    }

    /// <summary>The partition's number in its topic.</summary>
    public int Index { get; }

    /// <summary>Offset of the first record that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>Offset that the next record gets; with one replica the log's end and the high watermark are the same.</summary>
    public long HighWatermark => Volatile.Read(ref _nextOffset);

    /// <summary>Bytes of all segments.</summary>
    public long SizeBytes => _segments.Sum(segment => segment.Size);

    /// <summary>
    /// Raised after <see cref="HighWatermark"/> or <see cref="LastStableOffset"/> has grown, and when the log is closed, outside of the lock that appends take.
    /// Must not block or throw.
    /// </summary>
    public event Action? Advanced;

    /// <summary>Done when <see cref="HighWatermark"/> is greater than <paramref name="knownHighWatermark"/> or the log has been closed.</summary>
    public Task WaitForDataAsync(long knownHighWatermark, CancellationToken cancellationToken)
    {
        var signal = _signal.Next; // taken before the look, so that no append falls between the two
        return _closed || HighWatermark > knownHighWatermark ? Task.CompletedTask : signal.WaitAsync(cancellationToken);
    }

    /// <summary>Validates and appends one or more v2 record batches as produced, all or none; the bytes are not kept or changed.</summary>
    public AppendResult Append(ReadOnlyMemory<byte> recordBatches)
    {
        var config = _config;
        var headers = new List<RecordBatchHeader>(1);
        var verdict = BatchSetValidator.Validate(recordBatches.Span, config.MaxMessageBytes, config.CleansByCompaction, headers);
        if (verdict.Error == StorageError.None && recordBatches.Length > config.SegmentBytes)
        {
            verdict = new BatchVerdict(StorageError.RecordListTooLarge, $"{recordBatches.Length} bytes are more than {TopicConfigKeys.SegmentBytes}.");
        }
        if (verdict.Error != StorageError.None)
        {
            return AppendResult.Failed(verdict.Error, LogStartOffset, verdict.Message!) with { BadRecords = verdict.BadRecords };
        }
        var copy = ArrayPool<byte>.Shared.Rent(recordBatches.Length);
        try
        {
            recordBatches.Span.CopyTo(copy);
            return Append(copy.AsSpan(0, recordBatches.Length), headers, config);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    internal void SetConfig(TopicConfig config) => _config = config;

    private AppendResult Append(Span<byte> set, List<RecordBatchHeader> headers, TopicConfig config)
    {
        AppendResult result;
        lock (_gate)
        {
            result = Judge(headers[0]) ?? Write(set, headers, config);
        }
        Announce(result);
        return result;
    }

    private void Announce(in AppendResult result)
    {
        if (result is { Error: StorageError.None, IsDuplicate: false })
        {
            NoteAdvance();
        }
    }

    private void NoteAdvance()
    {
        _signal.Raise();
        Advanced?.Invoke();
    }

    // What is answered without writing; null if the batch is to be written.
    private AppendResult? Judge(in RecordBatchHeader first)
    {
        if (_closed)
        {
            return Closed();
        }
        if (!first.IsIdempotent)
        {
            return null;
        }
        var verdict = _producers.Check(first);
        return verdict switch
        {
            { Error: not StorageError.None } => AppendResult.Failed(verdict.Error, _logStartOffset, verdict.Message!),
            { Duplicate: { } former } => new(StorageError.None, former.BaseOffset, former.LogAppendTimeMs, _logStartOffset, IsDuplicate: true),
            _ => null,
        };
    }

    private AppendResult Closed() => AppendResult.Failed(StorageError.UnknownTopicOrPartition, _logStartOffset, "The partition has been closed.");

    private AppendResult Write(Span<byte> set, List<RecordBatchHeader> headers, TopicConfig config, EndTransactionMarker? marker = null)
    {
        LogSegment segment;
        var now = _context.NowMs;
        var baseOffset = _nextOffset;
        BatchStamp.Apply(set, headers, baseOffset, config.MessageTimestampType, now);
        try
        {
            segment = SegmentFor(set.Length, headers, config);
            segment.Append(set, headers, config.IndexIntervalBytes, _context.Fsync);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refused(exception);
        }
        foreach (var header in headers)
        {
            segment.NoteAborted(_producers.Apply(header, marker, now));
        }
        Publish(headers[^1].LastOffset + 1);
        NoteDiskHealth();
        return new AppendResult(StorageError.None, baseOffset, config.MessageTimestampType == TimestampType.LogAppendTime ? now : -1, _logStartOffset);
    }

    // The active segment, or a new one if this set would make it too large, too long in time, or its offsets too far apart.
    private LogSegment SegmentFor(int bytes, List<RecordBatchHeader> headers, TopicConfig config)
    {
        var active = _segments[^1];
        var state = active.State;
        var full = state.Size > 0
            && (state.Size + bytes > config.SegmentBytes
                || (headers[0].MaxTimestamp >= 0 && state.FirstTimestamp >= 0 && headers[0].MaxTimestamp - state.FirstTimestamp > config.SegmentMs)
                || headers[^1].LastOffset - active.BaseOffset > int.MaxValue);
        return full ? Roll() : active;
    }

    private LogSegment Roll()
    {
        var segment = new LogSegment(Path.Combine(_folder, LogSegment.NameOf(_nextOffset)), _nextOffset, _context.Access);
        _segments = [.. _segments, segment];
        return segment;
    }

    private AppendResult Refused(Exception exception)
    {
        if (!_appendsFail)
        {
            _appendsFail = true;
            StorageLog.AppendsFail(_context.Logger, exception, _name, _nextOffset);
        }
        return AppendResult.Failed(StorageError.KafkaStorageError, _logStartOffset, "The broker's disk does not take the records.");
    }

    private void NoteDiskHealth()
    {
        if (_appendsFail)
        {
            _appendsFail = false;
            StorageLog.AppendsSucceedAgain(_context.Logger, _name, _nextOffset);
        }
    }
}
