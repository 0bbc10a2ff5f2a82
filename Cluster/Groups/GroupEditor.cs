using System.Collections.Immutable;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Streaming.Cluster.Reading;

namespace Streaming.Cluster.Groups;

/// <summary>Moves the offsets of groups that nobody is in.</summary>
public sealed class GroupEditor(ClusterConnection cluster)
{
    private readonly TopicReader _topics = new(cluster);
    private readonly GroupReader _groups = new(cluster);

    /// <summary>What a reset would do. Nothing is changed.</summary>
    /// <param name="partitions">The partitions; empty for all in which the group has committed.</param>
    /// <exception cref="ClusterException">No such group or topic, nothing to reset, or the cluster cannot be reached.</exception>
    public async Task<ImmutableArray<ResetStep>> PlanAsync(string group, IReadOnlyCollection<TopicPartition> partitions, ResetTarget target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        var detail = await _groups.FindAsync(group, cancellationToken).ConfigureAwait(false);
        if (detail is null && partitions.Count == 0)
        {
            throw new ClusterException(ClusterFailure.NotFound, $"There is no group '{group}'. Name a topic to begin one.");
        }

        var committed = (detail?.Positions ?? []).Where(position => position.Committed is not null)
            .ToDictionary(position => position.Partition, position => position.Committed!.Value);
        var chosen = partitions.Count > 0 ? partitions : [.. committed.Keys];
        var bounds = await _topics.BoundsAsync(chosen, cancellationToken).ConfigureAwait(false);
        if (chosen.FirstOrDefault(partition => !bounds.ContainsKey(partition)) is { } missing)
        {
            throw new ClusterException(ClusterFailure.NotFound, $"{missing.Topic} [{missing.Partition.Value}]: there is no such partition, or it has no leader.");
        }

        var since = target is ResetTarget.Since { Instant: var instant }
            ? await _topics.OffsetsAsync(chosen, OffsetSpec.ForTimestamp(Math.Max(0, instant.ToUnixTimeMilliseconds())), IsolationLevel.ReadUncommitted, cancellationToken).ConfigureAwait(false)
            : [];
        return ResetPlan.Of(target, committed, bounds, since);
    }

    /// <summary>Does what was planned.</summary>
    /// <exception cref="ClusterException">Somebody is in the group, or the cluster refuses or cannot be reached.</exception>
    public async Task ExecuteAsync(string group, ImmutableArray<ResetStep> steps, CancellationToken cancellationToken)
    {
        var what = $"Reset group '{group}'";
        if (await _groups.FindAsync(group, cancellationToken).ConfigureAwait(false) is { Members.Length: > 0 } busy)
        {
            var members = string.Join(", ", busy.Members.Take(5).Select(member => $"{member.ClientId} on {member.Host}"));
            throw new ClusterException(ClusterFailure.Refused, $"{what}: it has {busy.Members.Length} members ({members}), which would go on from where they are. Stop them first.");
        }

        var offsets = steps.Select(step => new TopicPartitionOffset(step.Partition, step.Target)).ToList();
        var failed = await cluster.AskAsync(what, admin => AlterAsync(admin, group, offsets), cancellationToken).ConfigureAwait(false);
        if (failed is not null)
        {
            throw failed.Code is ErrorCode.UnknownMemberId or ErrorCode.NonEmptyGroup or ErrorCode.RebalanceInProgress
                ? new ClusterException(ClusterFailure.Refused, $"{what}: somebody has joined it meanwhile. Stop its members first.")
                : cluster.Failed(what, failed);
        }
    }

    /// <summary>Forgets a group and all that it has committed.</summary>
    /// <exception cref="ClusterException">There is none, somebody is in it, or the cluster refuses or cannot be reached.</exception>
    public async Task DeleteAsync(string group, CancellationToken cancellationToken)
    {
        var what = $"Delete group '{group}'";
        var failed = await cluster.AskAsync<Error?>(what, async admin =>
        {
            try
            {
                await admin.DeleteGroupsAsync([group], new DeleteGroupsOptions { RequestTimeout = cluster.RequestTimeout }).ConfigureAwait(false);
                return null;
            }
            catch (DeleteGroupsException exception)
            {
                return exception.Results.FirstOrDefault()?.Error ?? exception.Error;
            }
        }, cancellationToken).ConfigureAwait(false);
        if (failed is not null)
        {
            throw failed.Code == ErrorCode.NonEmptyGroup
                ? new ClusterException(ClusterFailure.Refused, $"{what}: somebody is in it. Stop its members first.")
                : cluster.Failed(what, failed);
        }
    }

    private async Task<Error?> AlterAsync(IAdminClient admin, string group, List<TopicPartitionOffset> offsets)
    {
        try
        {
            await admin.AlterConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitionOffsets(group, offsets)], new AlterConsumerGroupOffsetsOptions { RequestTimeout = cluster.RequestTimeout }).ConfigureAwait(false);
            return null;
        }
        catch (AlterConsumerGroupOffsetsException exception)
        {
            var report = exception.Results.FirstOrDefault();
            return report?.Partitions?.FirstOrDefault(partition => partition.Error.IsError)?.Error ?? report?.Error ?? exception.Error;
        }
    }
}
