using System.Text.Json.Serialization;

namespace Streaming.Aggregator.Control;

/// <summary>A pipeline as the control endpoint shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="State"><c>running</c>, <c>replaying</c>, <c>paused</c>, <c>changed</c> (asks for a replay) or <c>waiting</c> (another program's definition is there).</param>
/// <param name="Generation">The active generation.</param>
/// <param name="IsPaused">Whether an administrator has paused it.</param>
/// <param name="FingerprintMatches">Whether the active generation is built from the definition of the instance that answers.</param>
/// <param name="Fingerprint">The definition of the instance that answers.</param>
/// <param name="Trouble">What is wrong; null when nothing is.</param>
/// <param name="Generations">All generations, oldest first.</param>
/// <param name="Replay">The replay under way; null when there is none.</param>
/// <param name="Partitions">The active generation's partitions of the source topic as it is now; empty while the broker is away.</param>
internal sealed record PipelineReport(
    string Name,
    string Title,
    string State,
    int Generation,
    bool IsPaused,
    bool FingerprintMatches,
    string Fingerprint,
    string? Trouble,
    IReadOnlyList<GenerationRow> Generations,
    ReplayReport? Replay,
    IReadOnlyList<PartitionReport> Partitions);

/// <summary>How far a replay is.</summary>
/// <param name="Generation">The generation that is being built.</param>
/// <param name="From">The instant that was asked for; null: the earliest record.</param>
/// <param name="CoversFrom">Windows before it stay with the former generation; null: none do.</param>
/// <param name="RecordsRead">Records that are in its results.</param>
/// <param name="RecordsRemaining">Offsets between them and the end of the log, as far as that is known.</param>
/// <param name="Percent">Of both together, 0 to 100.</param>
/// <param name="Partitions">Its partitions.</param>
internal sealed record ReplayReport(
    int Generation, DateTime? From, DateTime? CoversFrom, long RecordsRead, long RecordsRemaining, double Percent, IReadOnlyList<PartitionReport> Partitions);

/// <summary>One partition of a generation.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="NextOffset">The offset that is read next.</param>
/// <param name="Watermark">Its watermark; null before the first event.</param>
/// <param name="LogStart">The first offset that the log holds; null while the broker is away.</param>
/// <param name="LogEnd">The offset after the last one; null while the broker is away.</param>
/// <param name="IsStoppedAtGap">Progress lies outside of the log: the partition stands still until the gap is accepted.</param>
internal sealed record PartitionReport(int Partition, long NextOffset, DateTime? Watermark, long? LogStart, long? LogEnd, bool IsStoppedAtGap)
{
    /// <summary>Records that are counted in it.</summary>
    [JsonIgnore]
    public long RecordsRead { get; init; }

    /// <summary>The offset up to which there is something to read, as far as the database knows.</summary>
    [JsonIgnore]
    public long KnownEnd { get; init; }
}

/// <summary>What a POST has done.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Action">What was asked for.</param>
/// <param name="Changed">False when it was so already.</param>
/// <param name="Generation">The generation that it concerns.</param>
/// <param name="CoversFrom">Of a replay: windows before it stay with the former generation.</param>
/// <param name="NextOffset">Of an accepted gap: where reading goes on.</param>
/// <param name="Warning">What the caller ought to know; null for nothing.</param>
internal sealed record ActionReport(
    string Pipeline, string Action, bool Changed, int? Generation = null, DateTimeOffset? CoversFrom = null, long? NextOffset = null, string? Warning = null);
