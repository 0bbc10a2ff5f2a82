using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Groups;
using Streaming.Cluster.Reading;
using Streaming.Topics.Output;

namespace Streaming.Topics.Commands;

/// <summary><c>groups reset</c>: shows where a group would go on reading; moves it there only with <c>--execute</c>.</summary>
internal sealed class GroupsResetCommand
{
    private readonly CommandContext _context;
    private readonly Argument<string> _group = GroupsCommand.GroupArgument();
    private readonly Option<string[]> _topics = new("--topic") { Description = "A topic, or some of its partitions as TOPIC:0,2. May be repeated. Default: all that the group has committed.", HelpName = "TOPIC[:N,N]" };
    private readonly Option<bool> _earliest = new("--to-earliest") { Description = "To the oldest record." };
    private readonly Option<bool> _latest = new("--to-latest") { Description = "After the newest record." };
    private readonly Option<long?> _offset = new("--to-offset") { Description = "To an offset.", HelpName = "N" };
    private readonly Option<string> _time = new("--to-time") { Description = $"To the first record since: {InstantText.Forms}.", HelpName = "TIME" };
    private readonly Option<long?> _shift = new("--shift-by") { Description = "So many records forward, or back when negative.", HelpName = "N" };
    private readonly Option<bool> _execute = new("--execute") { Description = "Do it. Without this, it is only shown what would be done." };

    private GroupsResetCommand(CommandContext context) => _context = context;

    public static Command Build(CommandContext context) => new GroupsResetCommand(context).Build();

    private Command Build()
    {
        Command command = new("reset", "Move a group's offsets. Shows what would be done; does it with --execute.")
        {
            _group, _topics, _earliest, _latest, _offset, _time, _shift, _execute,
        };
        command.SetAction(_context.OnCluster(RunAsync));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, ClusterConnection cluster, CancellationToken cancellationToken)
    {
        var group = parsed.GetRequiredValue(_group);
        var target = Target(parsed);
        var editor = new GroupEditor(cluster);
        var partitions = await PartitionsAsync(parsed.GetValue(_topics) ?? [], new TopicReader(cluster), cancellationToken);
        var steps = await editor.PlanAsync(group, partitions, target, cancellationToken);
        var execute = parsed.GetValue(_execute);
        if (execute)
        {
            await editor.ExecuteAsync(group, steps, cancellationToken);
        }

        Show(parsed, group, steps, execute);
        return ExitCodes.Done;
    }

    private void Show(ParseResult parsed, string group, ImmutableArray<ResetStep> steps, bool executed)
    {
        _context.Results(parsed).Show(
            new
            {
                group,
                executed,
                partitions = steps.Select(step => new
                {
                    topic = step.Partition.Topic,
                    partition = step.Partition.Partition.Value,
                    current = step.Current,
                    target = step.Target,
                    readAgain = step.ReadAgain,
                    bounded = step.IsBounded,
                }),
            },
            new Sheet(executed ? $"Group '{group}' was moved" : $"Group '{group}' would be moved",
                ["Topic", Column.Number("Partition"), Column.Number("From"), Column.Number("To"), Column.Number("To be read again"), "Remark"],
                [.. steps.Select(s => new object?[] { s.Partition.Topic, s.Partition.Partition.Value, s.Current, s.Target, s.ReadAgain, s.IsBounded ? "nearest that exists" : "" })]));
        if (!executed)
        {
            _context.Terminal.Say("Nothing was changed. Add --execute to do it.");
        }
    }

    private ResetTarget Target(ParseResult parsed)
    {
        ResetTarget?[] given =
        [
            parsed.GetValue(_earliest) ? new ResetTarget.Earliest() : null,
            parsed.GetValue(_latest) ? new ResetTarget.Latest() : null,
            parsed.GetValue(_offset) is { } offset ? new ResetTarget.At(offset >= 0 ? offset : throw new UsageException("--to-offset is not negative.")) : null,
            parsed.GetValue(_time) is { } time ? new ResetTarget.Since(InstantOption.Parse(_time.Name, time, _context.Time.GetUtcNow())) : null,
            parsed.GetValue(_shift) is { } shift ? new ResetTarget.By(shift) : null,
        ];
        return given.Where(target => target is not null).ToList() is [{ } one]
            ? one
            : throw new UsageException("Say where to: exactly one of --to-earliest, --to-latest, --to-offset, --to-time, --shift-by.");
    }

    private static async Task<List<TopicPartition>> PartitionsAsync(string[] given, TopicReader reader, CancellationToken cancellationToken)
    {
        var partitions = new List<TopicPartition>();
        foreach (var text in given)
        {
            var cut = text.LastIndexOf(':');
            var topic = await reader.GetAsync(cut < 0 ? text : text[..cut], cancellationToken);
            partitions.AddRange(cut < 0
                ? topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))
                : text[(cut + 1)..].Split(',').Select(number => new TopicPartition(topic.Name, Number(text, number, topic))));
        }

        return partitions;
    }

    private static int Number(string text, string number, TopicInfo topic) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && topic.Partitions.Any(known => known.Partition == partition)
            ? partition
            : throw new UsageException($"--topic {text}: topic '{topic.Name}' has {topic.Partitions.Length} partitions, from 0.");
}
