using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>Where a log holds what it knows of an idempotent producer.</summary>
/// <param name="Epoch">The producer's.</param>
/// <param name="LastBatchOffset">Base offset of its last batch of this epoch; null if only a marker is there.</param>
internal readonly record struct ProducerAnchor(short Epoch, long? LastBatchOffset)
{
    /// <summary>The batch, which must be the producer's, is it: its last sequence number, or else its epoch, would be forgotten with it.</summary>
    public bool IsIn(in RecordBatchHeader batch) =>
        LastBatchOffset is { } last ? batch.BaseOffset == last : batch.IsControl && batch.ProducerEpoch == Epoch;
}

/// <summary>What decides over a pass's records, besides themselves.</summary>
/// <param name="Latest">The latest offsets of the keys that were not cleaned before.</param>
/// <param name="EndOffset">The pass ends before this offset; what lies behind is left as it is.</param>
/// <param name="NowMs">Epoch milliseconds.</param>
/// <param name="DeleteRetentionMs">How long a deletion marker stays after its first cleaning.</param>
/// <param name="Producers">The producers whose state must be found in what stays.</param>
internal sealed record PassFacts(
    OffsetMap Latest, long EndOffset, long NowMs, long DeleteRetentionMs, IReadOnlyDictionary<long, ProducerAnchor> Producers)
{
    /// <summary>Whether the batch stays, if need be without records: the pass ends with it, or it carries a producer's state.</summary>
    public bool Needs(in RecordBatchHeader batch) =>
        batch.LastOffset + 1 == EndOffset || (Producers.TryGetValue(batch.ProducerId, out var anchor) && anchor.IsIn(batch));

    /// <summary>When what is cleaned now for the first time may go.</summary>
    public long NewHorizonMs => DeleteRetentionMs > long.MaxValue - NowMs ? long.MaxValue : NowMs + DeleteRetentionMs;
}

/// <summary>What is left of a batch: nothing, all as it is, or <see cref="Bytes"/> in its place.</summary>
internal readonly record struct FilteredBatch(bool IsKept, byte[]? Bytes)
{
    public static FilteredBatch Gone => default;

    public static FilteredBatch Same => new(true, null);
}

/// <summary>
/// Decides what stays of each batch of a log, read in order from the log's start: the latest record of each key; a deletion marker until its horizon
/// has passed; nothing of an aborted transaction; a transaction's marker until nothing of the transaction is left and its horizon has passed. Offsets,
/// timestamps and headers of what stays do not change. No I/O, no clock.
/// </summary>
internal sealed class BatchFilter(PassFacts facts, TransactionLedger ledger)
{
    private readonly BatchRebuild _rebuild = new();
    private int _unreadable;

    /// <summary>Batches that could not be looked into (damaged, or compressed in a way unknown here) and so stayed whole.</summary>
    public int Unreadable => _unreadable;

    /// <summary>The earliest horizon of all that stayed; null if there is none.</summary>
    public long? EarliestHorizonMs { get; private set; }

    /// <param name="batch">The whole batch; its checksum has been checked.</param>
    /// <param name="header">Its head.</param>
    public FilteredBatch Filter(ReadOnlySpan<byte> batch, in RecordBatchHeader header)
    {
        if (header.LastOffset >= facts.EndOffset)
        {
            return FilteredBatch.Same;
        }
        if (header.IsControl)
        {
            return FilterMarker(batch, header, facts.Needs(header));
        }
        ledger.OnData(header);
        return ledger.IsAborted(header) || header.RecordCount == 0 ? Emptied(header) : FilterRecords(batch, header);
    }

    private FilteredBatch FilterMarker(ReadOnlySpan<byte> batch, in RecordBatchHeader header, bool isNeeded)
    {
        if (!ledger.OnMarker(header) || (isNeeded && header.DeleteHorizonMs is not null))
        {
            return FilteredBatch.Same;
        }
        if (header.DeleteHorizonMs is { } horizon)
        {
            return !isNeeded && horizon <= facts.NowMs ? FilteredBatch.Gone : Kept(horizon);
        }
        _rebuild.Begin(header, facts.NewHorizonMs);
        for (var records = new RecordCursor(batch[RecordBatchHeader.Size..]); records.MoveNext();)
        {
            _rebuild.Add(records);
        }
        Note(facts.NewHorizonMs);
        return new FilteredBatch(true, _rebuild.End());
    }

    private FilteredBatch FilterRecords(ReadOnlySpan<byte> batch, in RecordBatchHeader header)
    {
        if (RecordDecompressor.TryDecompress(header.Compression, batch[RecordBatchHeader.Size..]) is not { } plain
            || Survey(plain.Span, header) is not { IsWellFormed: true } kept)
        {
            _unreadable++;
            return FilteredBatch.Same;
        }
        if (kept.Count == 0)
        {
            return Emptied(header);
        }
        var horizon = header.DeleteHorizonMs ?? (kept.HasDeletions ? facts.NewHorizonMs : null);
        if (kept.HasDeletions && _unreadable == 0)
        {
            Note(horizon!.Value);
        }
        if (kept.Count == header.RecordCount && horizon == header.DeleteHorizonMs)
        {
            return FilteredBatch.Same;
        }
        _rebuild.Begin(header, horizon);
        for (var records = new RecordCursor(plain.Span); records.MoveNext();)
        {
            if (Stays(records, header))
            {
                _rebuild.Add(records);
            }
        }
        return new FilteredBatch(true, _rebuild.End());
    }

    private (int Count, bool HasDeletions, bool IsWellFormed) Survey(ReadOnlySpan<byte> plain, in RecordBatchHeader header)
    {
        var (count, hasDeletions) = (0, false);
        var records = new RecordCursor(plain);
        while (records.MoveNext())
        {
            if (Stays(records, header))
            {
                count++;
                hasDeletions |= records.HasNullValue;
            }
        }
        return (count, hasDeletions, records.IsWellFormed);
    }

    // A record without a key has no place in a compacted topic; it can only come from before the topic was one.
    private bool Stays(in RecordCursor record, in RecordBatchHeader header)
    {
        if (record.HasNullKey || facts.Latest.LatestOffset(record.Key) > header.BaseOffset + record.OffsetDelta)
        {
            return false;
        }
        // What lies in an unreadable batch further up may have the same key; without the deletion it would be back.
        return !record.HasNullValue || _unreadable > 0 || header.DeleteHorizonMs is not { } horizon || facts.NowMs < horizon;
    }

    private FilteredBatch Emptied(in RecordBatchHeader header) =>
        !facts.Needs(header) ? FilteredBatch.Gone : header.RecordCount == 0 ? FilteredBatch.Same : new FilteredBatch(true, BatchRebuild.Empty(header));

    private FilteredBatch Kept(long horizon)
    {
        Note(horizon);
        return FilteredBatch.Same;
    }

    private void Note(long horizon) => EarliestHorizonMs = Math.Min(EarliestHorizonMs ?? long.MaxValue, horizon);
}
