using Streaming.Contracts;

namespace Streaming.Dashboard.Kafka.Actions;

/// <summary>The topics that this application, its schema registry or Kafka itself needs, and what is lost with each.</summary>
internal static class OwnTopics
{
    private const string Schemas = "_schemas";
    private const string KafkasOwn = "__";

    private static readonly HashSet<string> Declared =
        [.. Topics.All.Concat(Topics.ShopTopics).Concat(Topics.WeatherTopics).Concat(Topics.IotTopics).Select(topic => topic.Name)];

    /// <summary>What is lost when the topic is deleted, in sentences; null for a topic of somebody else's.</summary>
    public static string? Warning(string topic) => topic switch
    {
        _ when topic == Topics.OutboxCursors.Name =>
            "The Aggregator keeps here how far the results of each pipeline have been sent on. Without it, it cannot know what Kafka has already got: nothing more is sent on, until somebody decides.",
        Schemas => "The schema registry keeps its schemas here. Without them, Avro events that are in Kafka can no longer be read.",
        _ when topic.StartsWith(KafkasOwn, StringComparison.Ordinal) => "It is one of Kafka's own: the cluster keeps the groups' offsets, or its transactions, in topics of such names.",
        _ when Declared.Contains(topic) =>
            "It is one of this application's: its services write or read it while they run. They create it again, empty, when they start; a pipeline then begins anew with it.",
        _ => null,
    };
}
