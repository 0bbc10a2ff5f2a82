using Microsoft.Extensions.Logging;

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
        var checkpoint = PartitionCheckpoint.TryLoad(folder) ?? PartitionCheckpoint.None;
        var recovered = Load(checkpoint);
        if (recovered.NextOffset >= checkpoint.RecoveryOffset)
        {
            return recovered;
        }
        // Only a power cut can lose what was flushed before the recovery point; nothing derived from it can be believed.
        StorageLog.LogIsShort(logger, name, recovered.NextOffset, checkpoint.RecoveryOffset);
        recovered.Segments.ForEach(segment => segment.Dispose());
        return Load(PartitionCheckpoint.None with { LogStartOffset = checkpoint.LogStartOffset });
    }

    private RecoveredPartition Load(PartitionCheckpoint checkpoint)
    {
        var producers = new ProducerTable();
        foreach (var (id, state) in checkpoint.Producers)
        {
            producers.Restore(id, state);
        }
        var segments = LoadSegments(checkpoint, producers);
        if (segments.Count == 0)
        {
            segments.Add(OpenSegment(Math.Max(checkpoint.LogStartOffset, checkpoint.RecoveryOffset)));
        }
        var next = segments[^1].State.NextOffset;
        var start = Math.Min(next, Math.Max(segments[0].BaseOffset, checkpoint.LogStartOffset));
        return new RecoveredPartition(segments, producers, checkpoint, start, next);
    }

    private List<LogSegment> LoadSegments(PartitionCheckpoint checkpoint, ProducerTable producers)
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
            if (!Scan(segments[^1], checkpoint.RecoveryOffset, producers) && i + 1 < bases.Count)
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

    private LogSegment OpenSegment(long baseOffset) => new(Path.Combine(folder, LogSegment.NameOf(baseOffset)), baseOffset, access);

    // False if the file had to be cut.
    private bool Scan(LogSegment segment, long recoveryOffset, ProducerTable producers)
    {
        var length = RandomAccess.GetLength(segment.File);
        SegmentIndexFile.TryLoad(segment, length, recoveryOffset);
        if (segment.Size == length)
        {
            return true;
        }
        var scanner = new SegmentScanner(segment.File, length);
        while (scanner.TryRead(segment.Size, segment.State.NextOffset, out var header))
        {
            segment.Note(header, indexIntervalBytes);
            if (header.IsIdempotent && header.BaseOffset >= recoveryOffset)
            {
                producers.Record(header, time.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
        if (segment.Size == length)
        {
            return true;
        }
        StorageLog.TornTail(logger, name, length - segment.Size, segment.State.NextOffset);
        segment.CutTail();
        return false;
    }

    // Offsets must stay in order, so nothing behind a cut can be served; a person may still want the bytes.
    private void SetAside(IReadOnlyList<long> bases, long afterOffset)
    {
        StorageLog.SegmentsSetAside(logger, name, bases.Count, afterOffset);
        foreach (var offset in bases)
        {
            var path = Path.Combine(folder, LogSegment.NameOf(offset));
            File.Move(path, path + ".aside", overwrite: true);
        }
    }
}
