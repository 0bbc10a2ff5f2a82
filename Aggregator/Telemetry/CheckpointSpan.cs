using System.Diagnostics;
using System.Globalization;
using Streaming.Aggregator.Checkpoints;
using Streaming.Contracts.Tracing;

namespace Streaming.Aggregator.Telemetry;

/// <summary>
/// The span of a checkpoint: a batch of records is processed, so it links to the sampled ones among them instead of having one of them as its parent
/// (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/#consumer-spans). Its SQL statements are its children.
/// </summary>
internal static class CheckpointSpan
{
    /// <summary>
    /// Begins the span of a checkpoint that somebody may want to see: one that takes sampled records in, or in which alerts change or may change. The others, several a second
    /// for each pipeline, are in the metrics.
    /// </summary>
    public static Activity? Start(IReadOnlyList<PartitionChange> changes, string? group, string? client) =>
        Spans.Source.HasListeners() && changes.Any(IsOfInterest)
            ? Spans.StartRoot(
                $"checkpoint {changes[0].Partition.Topic}", ActivityKind.Consumer, Tags(changes, group, client), changes.SelectMany(change => change.Sampled).Select(record => record.Trace))
            : null;

    private static bool IsOfInterest(PartitionChange change) => change.Sampled.Count > 0 || change.Alerts.Events.Count > 0 || change.Closing is { IsWatched: true };

    private static IEnumerable<KeyValuePair<string, object?>> Tags(IReadOnlyList<PartitionChange> changes, string? group, string? client)
    {
        var first = changes[0].Partition;
        yield return new(MessagingTags.System, MessagingTags.Kafka);
        yield return new(MessagingTags.OperationName, "checkpoint");
        yield return new(MessagingTags.OperationType, "process");
        yield return new(MessagingTags.Destination, first.Topic);
        if (changes.Count == 1)
        {
            yield return new(MessagingTags.Partition, first.Partition.ToString(CultureInfo.InvariantCulture));
        }

        yield return new(MessagingTags.BatchCount, changes.Sum(Records));
        if (group is not null)
        {
            yield return new(MessagingTags.Group, group);
        }

        if (client is not null)
        {
            yield return new(MessagingTags.ClientId, client);
        }

        yield return new(MessagingTags.Pipeline, first.Pipeline);
        yield return new(MessagingTags.Generation, first.Generation);
    }

    // Offsets count markers of transactions as well, which are no records.
    private static long Records(PartitionChange change) => change.Changes.Counts.Accepted + change.Changes.Counts.Late + change.Rejected + change.Filtered;
}
