using System.Globalization;
using Confluent.Kafka;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Schemas;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Consuming;

/// <summary>
/// The memory of one claimed partition: its windows and what has to leave, since the last checkpoint that was taken. Used by the consumer's
/// thread only. Invariant: <see cref="ReadOffset"/> is never below <see cref="CommittedOffset"/>.
/// </summary>
internal sealed partial class PartitionReader
{
    private readonly PipelineDefinition _pipeline;
    private readonly KnownKeys _known;
    private readonly EventReader _reader;
    private readonly WindowEngine _engine;
    private readonly PartitionOutputs _outputs;
    private readonly EventTimeSample _times = new();
    private List<OutboxMessage> _outgoing = [];
    private List<TakenEvent> _events = [];
    private List<IdleMark> _marks = [];
    private long _version;
    private long _committedOffset;
    private long _rejected;
    private long _filtered;

    public PartitionReader(PipelineDefinition pipeline, Claim claim, KnownKeys known, DateTimeOffset? coversFrom = null)
    {
        _pipeline = pipeline;
        _known = known;
        _reader = pipeline.CreateReader();
        Partition = claim.Partition;
        _engine = new WindowEngine(pipeline.Windows, pipeline.Measures, claim.WatermarkMs, claim.OpenRows, claim.Stored);
        _outputs = new PartitionOutputs(pipeline, claim, coversFrom);
        _version = claim.Version;
        _committedOffset = claim.NextOffset;
        ReadOffset = claim.NextOffset;
    }

    public InputPartition Partition { get; }

    /// <summary>What is known of the registry's schemas; null where no registry is configured.</summary>
    public SchemaDirectory? Schemas { get; init; }

    /// <summary>The offset to read next.</summary>
    public long ReadOffset { get; private set; }

    /// <summary>The offset to read next according to the last commit.</summary>
    public long CommittedOffset => _committedOffset;

    /// <summary>The offset of the first record that waits, else the offset to read next: everything before it is in the windows, nothing from it on.</summary>
    public long AppliedOffset => _waiting.TryPeek(out var first) ? first.Offset : ReadOffset;

    public long? WatermarkMs => _engine.WatermarkMs;

    /// <summary>The version that was last written or claimed.</summary>
    public long Version => _version;

    /// <summary>About how much memory the windows, what alert rules remember and records that wait take.</summary>
    public long StateBytes => _engine.ApproximateBytes + _outputs.AlertBytes + WaitingBytes;

    /// <summary>What of it no eviction frees.</summary>
    public long FixedBytes => _engine.FixedBytes + _outputs.AlertBytes;

    /// <summary>Evicted rows without which the next change would not be whole.</summary>
    public IReadOnlyList<MissingRow> Missing => _engine.Missing;

    public int OpenWindows => _engine.OpenWindows;

    /// <summary>Records read since the last commit.</summary>
    public long UncommittedEvents => ReadOffset - _committedOffset;

    /// <summary>Bytes of late and rejected records, and of events that are kept, since the last take.</summary>
    public long OutgoingBytes { get; private set; }

    /// <summary>The first record rejected since the last take, for the log.</summary>
    public (long Offset, string Reason)? FirstRejected { get; private set; }

    /// <summary>A key of the last take that the reference topic does not know, for the log.</summary>
    public string? UnknownKey { get; private set; }

    /// <summary>
    /// Takes one record, unless a schema must be known first: at once, or once those before it are in the windows and it can be.
    /// </summary>
    /// <returns>The id of that schema, and nothing has changed; null when the record is taken.</returns>
    public int? Read(ConsumeResult<byte[], byte[]> record)
    {
        var decoding = Decode(record);
        if (decoding.AwaitedSchema is { } awaited)
        {
            return awaited;
        }

        ReadOffset = record.Offset.Value + 1;
        if (_waiting.Count > 0 || !TryTake(record, decoding))
        {
            Wait(new WaitingInput(record.Offset.Value, record, default));
        }

        return null;
    }

    /// <summary>False when it has to wait, and nothing has changed.</summary>
    private bool TryTake(ConsumeResult<byte[], byte[]> record, Decoding decoding)
    {
        if (!decoding.IsTaken)
        {
            Pass(record, decoding);
            Sample(record, isTaken: false, isLate: false);
            return true;
        }

        var verdict = _engine.Add(_reader.Key, _reader.ValuesAt(record.Offset.Value), record.Message.Timestamp.UnixTimestampMs);
        if (verdict.Kind == VerdictKind.Waits)
        {
            return false;
        }

        if (verdict.IsAccepted)
        {
            _times.Note(_reader.EventTimeMs);
        }
        else
        {
            PutAside(record, verdict);
        }

        var isLate = verdict.IsLateForFirst || !verdict.IsAccepted;
        if (_pipeline.KeptEvents is not null && !verdict.IsRejected)
        {
            Keep(Taken(record.Offset.Value, isLate, record.Message.Value));
        }

        // Late, in no result: not where only the finest of several kinds of windows had closed.
        Sample(record, !verdict.IsRejected, !verdict.IsAccepted);
        return true;
    }

    private Decoding Decode(ConsumeResult<byte[], byte[]> record) =>
        _reader.Read(new RecordBytes(record.Message.Key, record.Message.Value, record.Message.Timestamp.UnixTimestampMs) { Schemas = Schemas });

    /// <summary>The log ends at this offset: everything before it has been read, transaction markers included.</summary>
    public void ReachEnd(long endOffset) => ReadOffset = Math.Max(ReadOffset, endOffset);

    /// <summary>Advances the watermark of the silent partition by the clock. False when it is that far already, or records wait.</summary>
    public bool Mark(long watermarkMs)
    {
        if (_waiting.Count > 0 || _engine.WatermarkMs >= watermarkMs)
        {
            return false;
        }

        Apply(new IdleMark(ReadOffset, watermarkMs));
        return true;
    }

    /// <summary>Repeats a mark of the former generation: it is this one's from now on. Changes nothing when the watermark is that far already.</summary>
    public void Repeat(IdleMark mark)
    {
        if (_waiting.Count > 0)
        {
            Wait(new WaitingInput(mark.NextOffset, null, mark));
        }
        else
        {
            ApplyIfLater(mark);
        }
    }

    private void ApplyIfLater(IdleMark mark)
    {
        if (_engine.WatermarkMs is not { } watermark || watermark < mark.WatermarkMs)
        {
            Apply(mark);
        }
    }

    private void Apply(IdleMark mark)
    {
        // Of the marks before one offset the last says it all. Those before other offsets stay: a checkpoint may be long in coming, and records
        // that were read in between have been judged by the mark before them.
        _marks.RemoveAll(former => former.NextOffset == mark.NextOffset);
        _marks.Add(mark);
        _engine.Apply(mark);
    }

    /// <summary>Whether a checkpoint has something to write; asked only while none is under way.</summary>
    public bool HasMoved => AppliedOffset != _committedOffset || _marks.Count > 0 || MustTake;

    /// <summary>Hands over what changed; the reader goes on with empty hands.</summary>
    public PartitionChange TakeChange(long? endOffset)
    {
        var changes = _engine.TakeChanges();
        var outgoing = _outgoing;
        _outgoing = [];
        var closing = changes.Stored.Count > 0 ? _outputs.CloseWhileWriting(changes.WatermarkMs) : null;
        var alerts = PartitionAlerts.None;
        if (closing is null)
        {
            var closed = _outputs.Close(changes.Closed, changes.WatermarkMs);
            outgoing.AddRange(closed.Outgoing);
            alerts = closed.Alerts;
        }

        // Asked once for each row that changed, not for each event: a second look-up for every event would cost as much as counting it.
        var unknown = _pipeline.KnownBy is null ? []
            : changes.Open.Concat(changes.Closed).Where(row => row.Of == _pipeline.Windows.Windows[0] && row.NewEvents > 0 && !_known.Contains(row.Key.Utf8.Span)).ToList();
        var change = new PartitionChange(
            Partition, _version, _committedOffset, AppliedOffset, changes, outgoing, _rejected, _filtered, unknown.Sum(row => row.NewEvents), endOffset, _marks)
        {
            Alerts = alerts,
            Closing = closing,
            Events = _events,
            Sampled = _sampled,
            EventsKeptFor = _pipeline.KeptEvents ?? TimeSpan.Zero,
            EventTimes = _times.Take(),
        };
        UnknownKey = unknown.Count == 0 ? null : unknown[0].Key.Text;
        (_rejected, _filtered, _marks, _events, _sampled, OutgoingBytes, FirstRejected) = (0, 0, [], [], [], 0, null);
        return change;
    }

    /// <summary>Brings evicted rows back that were <see cref="Missing"/>.</summary>
    public void Supply(IReadOnlyList<MissingRow> asked, IReadOnlyList<WindowRow> rows) => _engine.Supply(asked, rows);

    /// <summary>Lets go of rows that are stored until their memory is below the bound; only while nothing that was taken is uncommitted.</summary>
    public void Evict(long maxBytes) => _engine.Evict(maxBytes - _outputs.AlertBytes - WaitingBytes);

    /// <summary>What was taken is in the database.</summary>
    public void Committed(long version, long offset) => (_version, _committedOffset) = (version, offset);

    private void Pass(ConsumeResult<byte[], byte[]> record, Decoding decoding)
    {
        if (decoding.IsFiltered)
        {
            _filtered++;
            return;
        }

        Reject(record, decoding.Reason!, decoding.Error ?? decoding.Reason!);
    }

    private void PutAside(ConsumeResult<byte[], byte[]> record, Verdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Late:
                Add(SideOutputs.Late(_pipeline.Outputs.Late.Name, Partition, record, verdict.ByMs));
                break;
            case VerdictKind.TooFarAhead:
                Reject(record, SaleRejection.TooFarAhead.Word(), string.Create(CultureInfo.InvariantCulture,
                    $"the event time is {verdict.ByMs} ms ahead of the broker's timestamp; {_pipeline.Windows.FutureBound.TotalMilliseconds} ms are allowed"));
                break;
            default:
                Reject(record, SaleRejection.BadTimestamp.Word(), "the event time is out of range");
                break;
        }
    }

    private void Reject(ConsumeResult<byte[], byte[]> record, string reason, string error)
    {
        _rejected++;
        FirstRejected ??= (record.Offset.Value, reason);
        Add(SideOutputs.Rejected(_pipeline.Outputs.DeadLetter.Name, Partition, record, reason, error));
    }

    private void Keep(TakenEvent e)
    {
        _events.Add(e);
        OutgoingBytes += e.Size;
    }

    private void Add(OutboxMessage message)
    {
        _outgoing.Add(message);
        OutgoingBytes += message.Size;
    }
}
