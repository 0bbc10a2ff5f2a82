using System.Collections.Immutable;
using System.CommandLine;
using Confluent.Kafka;
using Streaming.Cluster.Reading;
using Streaming.Topics.Output;

namespace Streaming.Topics.Commands;

/// <summary><c>describe</c>: a topic's partitions, leaders, offsets and settings.</summary>
internal static class DescribeCommand
{
    // What people look for, also when nobody has set it.
    private static readonly string[] Main = ["cleanup.policy", "max.message.bytes", "message.timestamp.type", "min.insync.replicas", "retention.bytes", "retention.ms"];

    public static Command Build(CommandContext context)
    {
        var topic = CommandLine.TopicArgument();
        var all = new Option<bool>("--all-configs") { Description = "All settings, not only the main ones and those that were set." };
        Command command = new("describe", "Describe a topic: partitions, leaders, offsets, settings.") { topic, all };
        command.SetAction(context.OnCluster(async (parsed, cluster, cancellationToken) =>
        {
            var reader = new TopicReader(cluster);
            var info = await reader.GetAsync(parsed.GetRequiredValue(topic), cancellationToken);
            var bounds = await reader.BoundsAsync([.. info.Partitions.Where(p => p.Leader is not null).Select(p => new TopicPartition(info.Name, p.Partition))], cancellationToken);
            var settings = (await reader.SettingsAsync([info.Name], cancellationToken)).GetValueOrDefault(info.Name, []);
            var shown = settings.Where(setting => parsed.GetValue(all) || !setting.IsDefault || Main.Contains(setting.Name)).ToImmutableArray();
            Show(context.Results(parsed), info, bounds.ToDictionary(pair => pair.Key.Partition.Value, pair => pair.Value), shown);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static void Show(Results results, TopicInfo info, Dictionary<int, LogBounds> bounds, ImmutableArray<TopicSetting> settings)
    {
        var partitions = info.Partitions.Select(partition => (partition, log: bounds.TryGetValue(partition.Partition, out var log) ? log : (LogBounds?)null)).ToList();
        results.Show(
            new
            {
                topic = info.Name,
                replication = info.Replication,
                partitions = partitions.Select(p => new
                {
                    partition = p.partition.Partition,
                    leader = p.partition.Leader,
                    replicas = p.partition.Replicas,
                    inSync = p.partition.InSync,
                    begin = p.log?.Begin,
                    end = p.log?.End,
                    records = p.log?.Records,
                }),
                configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
            },
            new Sheet($"{info.Name}: {info.Partitions.Length} partitions",
                [Column.Number("Partition"), Column.Number("Leader"), "Replicas", "In sync", Column.Number("Begin"), Column.Number("End"), Column.Number("Records, about")],
                [.. partitions.Select(p => new object?[] { p.partition.Partition, p.partition.Leader, List(p.partition.Replicas), List(p.partition.InSync), p.log?.Begin, p.log?.End, p.log?.Records })]),
            new Sheet("Settings", ["Setting", "Value", "Set for this topic"], [.. settings.Select(s => new object?[] { s.Name, s.IsSensitive ? "(secret)" : s.Value, !s.IsDefault })]));
    }

    private static string List(ImmutableArray<int> brokers) => string.Join(",", brokers);
}
