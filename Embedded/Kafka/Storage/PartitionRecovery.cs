using Microsoft.Extensions.Logging;
using Streaming.Embedded.Kafka.Storage.Compaction;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>What a partition's folder held when it was opened.</summary>
internal sealed record RecoveredPartition(
    List<LogSegment> Segments, ProducerTable Producers, PartitionCheckpoint Checkpoint, long LogStartOffset, long NextOffset);

/// <summary>
/// Opens a partition's folder. Up to the recovery point the index files are believed; behind it every batch is checked, and the file is cut behind the
/// last whole one.
/// </summary>
internal sealed class PartitionRecovery(string folder, string name, int indexIntervalBytes, LogFileAccess access, TimeProvider time, ILogger logger)
{
    public RecoveredPartition Open()
    {
        Directory.CreateDirectory(folder);
        SegmentSwap.Recover(folder, access);
        var checkpoint = PartitionCheckpoint.TryLoad(folder) ?? PartitionCheckpoint.None;
        var indexes = BaseOffsets().ToDictionary(offset => offset, offset => SegmentIndexFile.TryRead(IndexPathOf(offset)));
        var recovered = Load(Usable(checkpoint, indexes), indexes);
        if (recovered.NextOffset >= checkpoint.RecoveryOffset)
        {
            return recovered;
        }
        // Only a power cut can lose what was flushed before the recovery point; nothing derived from it can be believed.
        StorageLog.LogIsShort(logger, name, recovered.NextOffset, checkpoint.RecoveryOffset);
        recovered.Segments.ForEach(segment => segment.Dispose());
        return Load(PartitionCheckpoint.None with { LogStartOffset = checkpoint.LogStartOffset }, indexes);
    }

    // Which transactions were aborted before the recovery point is known from the index files alone: a marker does not say where its transaction began.
    // Where one of them is missing, all must be scanned from the log's beginning.
    private PartitionCheckpoint Usable(PartitionCheckpoint checkpoint, Dictionary<long, SegmentIndexContent?> indexes)
    {
        var unknown = indexes.Where(index => index.Value is null && index.Key < checkpoint.RecoveryOffset && new FileInfo(PathOf(index.Key)).Length > 0).ToList();
        if (unknown.Count == 0)
        {
            return checkpoint;
        }
        StorageLog.IndexMissing(logger, name, unknown.Count);
        return PartitionCheckpoint.None with { LogStartOffset = checkpoint.LogStartOffset };
    }

    private RecoveredPartition Load(PartitionCheckpoint checkpoint, Dictionary<long, SegmentIndexContent?> indexes)
    {
        var producers = RestoreProducers(checkpoint);
        var segments = LoadSegments(checkpoint, indexes, producers);
        if (segments.Count == 0)
        {
            segments.Add(OpenSegment(Math.Max(checkpoint.LogStartOffset, checkpoint.RecoveryOffset)));
        }
        var next = segments[^1].State.NextOffset;
        var start = Math.Min(next, Math.Max(segments[0].BaseOffset, checkpoint.LogStartOffset));
        return new RecoveredPartition(segments, producers, checkpoint, start, next);
    }

    // If retention has deleted more than what the recovery point knows of, markers may be among it: an open transaction could stay open for ever. All that
    // is still of interest is found by the scan.
    private ProducerTable RestoreProducers(PartitionCheckpoint checkpoint)
    {
        var producers = new ProducerTable();
        var hasGap = BaseOffsets() is [var first, ..] && first > checkpoint.RecoveryOffset;
        foreach (var (id, state) in hasGap ? PartitionCheckpoint.None.Producers : checkpoint.Producers)
        {
            producers.Restore(id, state);
        }
        return producers;
    }

    private List<LogSegment> LoadSegments(
        PartitionCheckpoint checkpoint, Dictionary<long, SegmentIndexContent?> indexes, ProducerTable producers)
    {
        var segments = new List<LogSegment>();
        var bases = BaseOffsets();
        for (var i = 0; i < bases.Count; i++)
        {
            if (segments.Count > 0 && segments[^1].State.NextOffset > bases[i])
            {
                SetAside(bases[i..], bases[i]);
                break;
            }
            segments.Add(OpenSegment(bases[i]));
            if (!Scan(segments[^1], indexes.GetValueOrDefault(bases[i]), checkpoint.RecoveryOffset, producers) && i + 1 < bases.Count)
            {
                SetAside(bases[(i + 1)..], segments[^1].State.NextOffset);
                break;
            }
        }
        return segments;
    }

    private List<long> BaseOffsets() =>
        [.. Directory.EnumerateFiles(folder, "*.log")
            .Select(path => long.TryParse(Path.GetFileNameWithoutExtension(path), out var offset) ? offset : -1)
            .Where(offset => offset >= 0)
            .Order()];

    private LogSegment OpenSegment(long baseOffset) => new(PathOf(baseOffset), baseOffset, access);

    private string PathOf(long baseOffset) => Path.Combine(folder, LogSegment.NameOf(baseOffset));

    private string IndexPathOf(long baseOffset) => Path.ChangeExtension(PathOf(baseOffset), LogSegment.IndexExtension);

    // False if the file had to be cut.
    private bool Scan(LogSegment segment, SegmentIndexContent? index, long recoveryOffset, ProducerTable producers)
    {
        var length = RandomAccess.GetLength(segment.File);
        LoadIndex(segment, index, length, recoveryOffset);
        if (segment.Size == length)
        {
            return true;
        }
        ScanBatches(segment, new SegmentScanner(segment.File, length), recoveryOffset, producers);
        if (segment.Size == length)
        {
            return true;
        }
        StorageLog.TornTail(logger, name, length - segment.Size, segment.State.NextOffset);
        segment.CutTail();
        return false;
    }

    // An index file that was saved for a recovery point that did not come to be may know too much; of the aborted transactions, those before the recovery
    // point are taken from it and the rest are found again.
    private static void LoadIndex(LogSegment segment, SegmentIndexContent? index, long length, long recoveryOffset)
    {
        if (index is null)
        {
            return;
        }
        segment.Aborted.Load(AbortedIndex.EndedBefore(index.Aborted, recoveryOffset));
        if (index.State.Size <= length && index.State.NextOffset <= recoveryOffset)
        {
            segment.Load(index.State, index.Entries);
        }
    }

    private void ScanBatches(LogSegment segment, SegmentScanner scanner, long recoveryOffset, ProducerTable producers)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        while (scanner.TryRead(segment.Size, segment.State.NextOffset, out var header))
        {
            if (header.IsIdempotent && header.BaseOffset >= recoveryOffset)
            {
                var marker = header.IsControl ? scanner.ReadMarker(segment.Size, header) : null;
                segment.NoteAborted(producers.Apply(header, marker, now));
            }
            segment.Note(header, indexIntervalBytes);
        }
    }

    // Offsets must stay in order, so nothing behind a cut can be served; a person may still want the bytes.
    private void SetAside(IReadOnlyList<long> bases, long afterOffset)
    {
        StorageLog.SegmentsSetAside(logger, name, bases.Count, afterOffset);
        foreach (var offset in bases)
        {
            var path = PathOf(offset);
            File.Move(path, path + ".aside", overwrite: true);
        }
    }
}
