using System.Collections.Immutable;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Cluster.Reading;

namespace Streaming.Cluster.Groups;

/// <summary>Reads consumer groups: who is in them, where they stand, how far behind.</summary>
public sealed class GroupReader(ClusterConnection cluster)
{
    private const int GroupsAtOnce = 50;
    private const int QuestionsAtOnce = 8;

    private readonly TopicReader _topics = new(cluster);

    /// <summary>All groups, by name.</summary>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<ImmutableArray<GroupSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var groups = await cluster.AskAsync("List the groups", ListAsync, cancellationToken).ConfigureAwait(false);
        return [.. groups.OrderBy(group => group.GroupId, StringComparer.Ordinal).Select(group => new GroupSummary(group.GroupId, group.State.ToString(), group.IsSimpleConsumerGroup))];
    }

    /// <summary>One group; null when nobody is in it and it has committed nothing.</summary>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<GroupDetail?> FindAsync(string group, CancellationToken cancellationToken)
    {
        var detail = (await DescribeAsync([group], cancellationToken).ConfigureAwait(false)).SingleOrDefault();
        return detail is null or { State: nameof(ConsumerGroupState.Dead), Positions.IsEmpty: true } ? null : detail;
    }

    /// <summary>Groups with their members, positions and lag. The ends of all their partitions are asked for together.</summary>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<ImmutableArray<GroupDetail>> DescribeAsync(IReadOnlyCollection<string> groups, CancellationToken cancellationToken)
    {
        var descriptions = new List<ConsumerGroupDescription>();
        foreach (var some in groups.Chunk(GroupsAtOnce))
        {
            descriptions.AddRange(await cluster.AskAsync("Describe the groups", admin => DescribeAsync(admin, some), cancellationToken).ConfigureAwait(false));
        }

        var committed = await CommittedAsync(groups, cancellationToken).ConfigureAwait(false);
        var partitions = committed.Values.SelectMany(offsets => offsets.Keys)
            .Concat(descriptions.SelectMany(description => description.Members ?? []).SelectMany(Assigned)).Distinct().ToList();
        var bounds = partitions.Count == 0 ? [] : await _topics.BoundsAsync(partitions, cancellationToken).ConfigureAwait(false);
        return [.. descriptions.Select(description => Detail(description, committed.GetValueOrDefault(description.GroupId) ?? [], bounds))];
    }

    private static GroupDetail Detail(ConsumerGroupDescription description, Dictionary<TopicPartition, long> committed, Dictionary<TopicPartition, LogBounds> bounds)
    {
        ImmutableArray<GroupMember> members = [.. (description.Members ?? []).Select(member =>
            new GroupMember(member.ConsumerId, member.ClientId, member.Host, string.IsNullOrEmpty(member.GroupInstanceId) ? null : member.GroupInstanceId, [.. Assigned(member)]))];
        var readers = members.SelectMany(member => member.Assigned.Select(partition => (partition, member)))
            .GroupBy(pair => pair.partition).ToDictionary(pairs => pairs.Key, pairs => pairs.First().member);
        var positions = committed.Keys.Concat(readers.Keys).Distinct()
            .OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value)
            .Select(partition => new GroupPosition(
                partition, committed.TryGetValue(partition, out var offset) ? offset : null, bounds.TryGetValue(partition, out var known) ? known : null, readers.GetValueOrDefault(partition)));
        var coordinator = description.Coordinator is { Host: { Length: > 0 } host } node ? $"{host}:{node.Port}" : null;
        return new GroupDetail(description.GroupId, description.State.ToString(), description.PartitionAssignor ?? "", coordinator, members, [.. positions]);
    }

    private static IEnumerable<TopicPartition> Assigned(MemberDescription member) => member.Assignment?.TopicPartitions ?? [];

    /// <summary>One question for each group: the client takes no more in one.</summary>
    private async Task<Dictionary<string, Dictionary<TopicPartition, long>>> CommittedAsync(IReadOnlyCollection<string> groups, CancellationToken cancellationToken)
    {
        var committed = new Dictionary<string, Dictionary<TopicPartition, long>>(StringComparer.Ordinal);
        foreach (var some in groups.Chunk(QuestionsAtOnce))
        {
            foreach (var (group, offsets) in await Task.WhenAll(some.Select(group => CommittedAsync(group, groups.Count > 1, cancellationToken))).ConfigureAwait(false))
            {
                committed[group] = offsets;
            }
        }

        return committed;
    }

    private async Task<(string Group, Dictionary<TopicPartition, long> Offsets)> CommittedAsync(string group, bool isOneOfMany, CancellationToken cancellationToken)
    {
        try
        {
            var partitions = await cluster.AskAsync($"Read the offsets of group '{group}'", admin => CommittedAsync(admin, group), cancellationToken).ConfigureAwait(false);
            return (group, partitions.Where(partition => !partition.Error.IsError && partition.Offset.Value >= 0)
                .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value));
        }
        catch (ClusterException exception) when (isOneOfMany && exception.Failure == ClusterFailure.Refused)
        {
            // One group that may not be looked at does not hide the others.
            return (group, []);
        }
    }

    private async Task<List<ConsumerGroupListing>> ListAsync(IAdminClient admin)
    {
        try
        {
            return (await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { RequestTimeout = cluster.RequestTimeout }).ConfigureAwait(false)).Valid;
        }
        catch (ListConsumerGroupsException exception) when (exception.Results?.Valid is { Count: > 0 } valid)
        {
            // Some brokers have answered; the others' groups come with a later question.
            return valid;
        }
        catch (ListConsumerGroupsException exception)
        {
            throw new KafkaException(exception.Results?.Errors?.FirstOrDefault(error => error.IsError) ?? exception.Error);
        }
    }

    private async Task<List<ConsumerGroupDescription>> DescribeAsync(IAdminClient admin, string[] groups)
    {
        try
        {
            return (await admin.DescribeConsumerGroupsAsync(groups, new DescribeConsumerGroupsOptions { RequestTimeout = cluster.RequestTimeout }).ConfigureAwait(false)).ConsumerGroupDescriptions;
        }
        catch (DescribeConsumerGroupsException exception)
        {
            var descriptions = exception.Results.ConsumerGroupDescriptions;
            var failed = descriptions.FirstOrDefault(description => description.Error.IsError && description.Error.Code != ErrorCode.GroupIdNotFound);
            return failed is null || descriptions.Count > 1
                ? [.. descriptions.Where(description => !description.Error.IsError)]
                : throw new KafkaException(failed.Error);
        }
    }

    private async Task<List<TopicPartitionOffsetError>> CommittedAsync(IAdminClient admin, string group)
    {
        try
        {
            var results = await admin.ListConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitions(group, null)], new ListConsumerGroupOffsetsOptions { RequestTimeout = cluster.RequestTimeout }).ConfigureAwait(false);
            return results.Single().Partitions;
        }
        catch (ListConsumerGroupOffsetsException exception) when (exception.Results is [{ Error.IsError: false } report])
        {
            return [.. report.Partitions];
        }
        catch (ListConsumerGroupOffsetsException exception) when (exception.Results is [{ Error: { Code: ErrorCode.GroupIdNotFound } }])
        {
            return [];
        }
        catch (ListConsumerGroupOffsetsException exception)
        {
            throw new KafkaException(exception.Results.FirstOrDefault()?.Error ?? exception.Error);
        }
    }
}
