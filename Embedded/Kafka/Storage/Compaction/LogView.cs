namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>A compacted log at one moment.</summary>
/// <param name="Folder">The partition's.</param>
/// <param name="Name">For log lines.</param>
/// <param name="Config">The topic's configuration.</param>
/// <param name="Segments">All segments, the active one last.</param>
/// <param name="LogStartOffset">The log's first offset.</param>
/// <param name="LastStableOffset">From here on transactions are undecided.</param>
/// <param name="Progress">What the passes so far have done.</param>
/// <param name="Producers">The idempotent producers that the log knows.</param>
internal sealed record LogView(
    string Folder, string Name, TopicConfig Config, LogSegment[] Segments, long LogStartOffset, long LastStableOffset,
    CleanerCheckpoint Progress, IReadOnlyDictionary<long, ProducerAnchor> Producers)
{
    /// <summary>The part of it that the planning looks at.</summary>
    public LogFacts Facts => new(
        [.. Segments[..^1].Select(segment => new ClosedSegment(segment.BaseOffset, segment.Size, segment.State.FirstTimestamp, segment.MaxTimestamp))],
        Segments[^1].BaseOffset, LogStartOffset, LastStableOffset, Progress);

    /// <summary>Where the segment behind <c>Segments[index]</c> begins.</summary>
    public long EndOf(int index) => Segments[index + 1].BaseOffset;

    /// <summary>Every aborted transaction with records before <paramref name="endOffset"/>.</summary>
    public IEnumerable<AbortedTransaction> AbortedBefore(long endOffset) =>
        Segments.SelectMany(segment => segment.Aborted.Entries.ToArray()).Where(aborted => aborted.FirstOffset < endOffset);
}
