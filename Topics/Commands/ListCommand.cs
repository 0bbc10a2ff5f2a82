using System.CommandLine;
using Confluent.Kafka;
using Streaming.Cluster.Reading;
using Streaming.Topics.Output;

namespace Streaming.Topics.Commands;

/// <summary><c>list</c>: what topics there are.</summary>
internal static class ListCommand
{
    public static Command Build(CommandContext context)
    {
        var all = new Option<bool>("--internal") { Description = "Kafka's own topics too." };
        var find = new Option<string>("--find") { Description = "Only topics with this in their name.", HelpName = "TEXT" };
        Command command = new("list", "List the topics.") { all, find };
        command.SetAction(context.OnCluster(async (parsed, cluster, cancellationToken) =>
        {
            var reader = new TopicReader(cluster);
            var part = parsed.GetValue(find) ?? "";
            var topics = (await reader.ListAsync(cancellationToken))
                .Where(topic => (parsed.GetValue(all) || !topic.IsInternal) && topic.Name.Contains(part, StringComparison.OrdinalIgnoreCase)).ToList();
            var bounds = await reader.BoundsAsync([.. topics.SelectMany(Partitions)], cancellationToken);
            var rows = topics.Select(topic => new { topic = topic.Name, partitions = topic.Partitions.Length, replication = topic.Replication, records = Records(topic, bounds) }).ToList();
            context.Results(parsed).Show(rows, new Sheet(null, ["Topic", Column.Number("Partitions"), Column.Number("Replication"), Column.Number("Records, about")],
                [.. rows.Select(row => new object?[] { row.topic, row.partitions, row.replication, row.records })]));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static IEnumerable<TopicPartition> Partitions(TopicInfo topic) => topic.Partitions.Where(partition => partition.Leader is not null).Select(partition => new TopicPartition(topic.Name, partition.Partition));

    /// <summary>Null when a partition does not answer: a sum without it would be wrong.</summary>
    private static long? Records(TopicInfo topic, Dictionary<TopicPartition, LogBounds> bounds)
    {
        var known = topic.Partitions.Select(partition => bounds.TryGetValue(new TopicPartition(topic.Name, partition.Partition), out var log) ? log.Records : (long?)null).ToList();
        return known.Contains(null) ? null : known.Sum();
    }
}
