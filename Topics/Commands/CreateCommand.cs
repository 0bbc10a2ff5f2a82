using System.CommandLine;
using Streaming.Cluster;

namespace Streaming.Topics.Commands;

/// <summary><c>create</c>: a topic with its partitions, copies and settings.</summary>
internal static class CreateCommand
{
    public static Command Build(CommandContext context)
    {
        var topic = CommandLine.TopicArgument();
        var partitions = new Option<int?>("--partitions", "-p") { Description = "How many partitions. Default: as the cluster has it.", HelpName = "N" };
        var replication = new Option<short?>("--replication", "-r") { Description = "How many copies of each partition. Default: as the cluster has it.", HelpName = "N" };
        var settings = new Option<string[]>("--config", "-c") { Description = "A setting of the topic, such as retention.ms=3600000. May be repeated.", HelpName = "KEY=VALUE" };
        var ifMissing = new Option<bool>("--if-not-exists") { Description = "A topic that is there already is no error." };
        Command command = new("create", "Create a topic.") { topic, partitions, replication, settings, ifMissing };
        command.SetAction(context.OnCluster(async (parsed, cluster, cancellationToken) =>
        {
            var wanted = new NewTopic(parsed.GetRequiredValue(topic), parsed.GetValue(partitions), parsed.GetValue(replication), Settings(parsed.GetValue(settings) ?? []));
            if (parsed.GetValue(ifMissing) && await new Cluster.Reading.TopicReader(cluster).FindAsync(wanted.Name, cancellationToken) is { } there)
            {
                context.Results(parsed).Done(new { topic = wanted.Name, created = false }, $"Topic '{there.Name}' is there already, with {there.Partitions.Length} partitions.");
                return ExitCodes.Done;
            }

            await new TopicEditor(cluster).CreateAsync(wanted, cancellationToken);
            context.Results(parsed).Done(new { topic = wanted.Name, created = true }, $"Created topic '{wanted.Name}'.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static IReadOnlyDictionary<string, string> Settings(string[] given) =>
        TopicSettings.TryParse(given, out var settings, out var problem) ? settings : throw new UsageException($"--config {problem}");
}
