using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Reading;

namespace Streaming.Topics.Commands;

/// <summary><c>delete</c>: a topic and all its records, after a question.</summary>
internal static class DeleteCommand
{
    public static Command Build(CommandContext context)
    {
        var topic = CommandLine.TopicArgument();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        Command command = new("delete", "Delete a topic and all its records.") { topic, yes };
        command.SetAction(context.OnCluster(async (parsed, cluster, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(topic);
            if (!parsed.GetValue(yes) && !context.Confirms(await QuestionAsync(cluster, name, cancellationToken), "--yes"))
            {
                context.Terminal.Say("Nothing was deleted.");
                return ExitCodes.Failed;
            }

            await new TopicEditor(cluster).DeleteAsync(name, cancellationToken);
            context.Results(parsed).Done(new { topic = name, deleted = true }, $"Deleted topic '{name}'.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static async Task<string> QuestionAsync(ClusterConnection cluster, string name, CancellationToken cancellationToken)
    {
        var reader = new TopicReader(cluster);
        var topic = await reader.GetAsync(name, cancellationToken);
        var bounds = await reader.BoundsAsync([.. topic.Partitions.Select(partition => new TopicPartition(name, partition.Partition))], cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"Delete topic '{name}' with {topic.Partitions.Length} partitions and about {bounds.Values.Sum(log => log.Records):#,0} records?");
    }
}
