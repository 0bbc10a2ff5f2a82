using System.CommandLine;
using Streaming.Cluster;
using Streaming.Cluster.Groups;
using Streaming.Topics.Output;

namespace Streaming.Topics.Commands;

/// <summary><c>groups</c>: consumer groups, their members, offsets and lag.</summary>
internal static class GroupsCommand
{
    public static Command Build(CommandContext context)
    {
        Command groups = new("groups", "Consumer groups: list, describe, reset, delete.");
        groups.Subcommands.Add(List(context));
        groups.Subcommands.Add(Describe(context));
        groups.Subcommands.Add(GroupsResetCommand.Build(context));
        groups.Subcommands.Add(Delete(context));
        return groups;
    }

    public static Argument<string> GroupArgument() => new("GROUP") { Description = "The group's name." };

    private static Command List(CommandContext context)
    {
        Command command = new("list", "List the groups with their state, members and lag.");
        command.SetAction(context.OnCluster(async (parsed, cluster, cancellationToken) =>
        {
            var reader = new GroupReader(cluster);
            var names = (await reader.ListAsync(cancellationToken)).Select(group => group.Group).ToList();
            var details = await reader.DescribeAsync(names, cancellationToken);
            var rows = details.OrderBy(group => group.Group, StringComparer.Ordinal)
                .Select(group => new { group = group.Group, state = group.State, members = group.Members.Length, topics = group.Topics, lag = group.Lag }).ToList();
            context.Results(parsed).Show(rows, new Sheet(null, ["Group", "State", Column.Number("Members"), Column.Number("Lag"), "Topics"],
                [.. rows.Select(row => new object?[] { row.group, row.state, row.members, row.lag, string.Join(", ", row.topics) })]));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Describe(CommandContext context)
    {
        var name = GroupArgument();
        Command command = new("describe", "Describe a group: members, offsets, lag.") { name };
        command.SetAction(context.OnCluster(async (parsed, cluster, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(name);
            var group = await new GroupReader(cluster).FindAsync(wanted, cancellationToken)
                ?? throw new ClusterException(ClusterFailure.NotFound, $"There is no group '{wanted}'.");
            context.Results(parsed).Show(Model(group), Facts(group), Members(group), Positions(group));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Delete(CommandContext context)
    {
        var name = GroupArgument();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        Command command = new("delete", "Forget a group and what it has committed.") { name, yes };
        command.SetAction(context.OnCluster(async (parsed, cluster, cancellationToken) =>
        {
            var group = parsed.GetRequiredValue(name);
            if (!parsed.GetValue(yes) && !context.Confirms($"Forget group '{group}' and how far it has read?", "--yes"))
            {
                context.Terminal.Say("Nothing was deleted.");
                return ExitCodes.Failed;
            }

            await new GroupEditor(cluster).DeleteAsync(group, cancellationToken);
            context.Results(parsed).Done(new { group, deleted = true }, $"Deleted group '{group}'.");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static object Model(GroupDetail group) => new
    {
        group = group.Group,
        state = group.State,
        assignor = group.Assignor,
        coordinator = group.Coordinator,
        lag = group.Lag,
        members = group.Members.Select(member => new
        {
            id = member.Id,
            clientId = member.ClientId,
            host = member.Host,
            instance = member.Instance,
            partitions = member.Assigned.Select(partition => new { topic = partition.Topic, partition = partition.Partition.Value }),
        }),
        positions = group.Positions.Select(position => new
        {
            topic = position.Partition.Topic,
            partition = position.Partition.Partition.Value,
            committed = position.Committed,
            end = position.Bounds?.End,
            lag = position.Lag,
            member = position.Member?.Id,
        }),
    };

    private static Sheet Facts(GroupDetail group) => new(
        group.Group, ["State", "Assignor", "Coordinator", Column.Number("Members"), Column.Number("Lag")],
        [[group.State, group.Assignor.Length == 0 ? null : group.Assignor, group.Coordinator, group.Members.Length, group.Lag]]);

    private static Sheet Members(GroupDetail group) => new("Members", ["Member", "Client", "Host", Column.Number("Partitions")],
        [.. group.Members.Select(member => new object?[] { member.Instance ?? member.Id, member.ClientId, member.Host, member.Assigned.Length })]);

    private static Sheet Positions(GroupDetail group) => new("Offsets", ["Topic", Column.Number("Partition"), Column.Number("Committed"), Column.Number("End"), Column.Number("Lag"), "Read by"],
        [.. group.Positions.Select(p => new object?[] { p.Partition.Topic, p.Partition.Partition.Value, p.Committed, p.Bounds?.End, p.Lag, p.Member is { } m ? $"{m.ClientId} on {m.Host}" : null })]);
}
