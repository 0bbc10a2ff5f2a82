using System.Collections.Immutable;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Cluster.Reading;

/// <summary>Reads what topics there are. Nothing here creates a topic, not even where the cluster would do so by itself.</summary>
public sealed class TopicReader(ClusterConnection cluster)
{
    // A response holds some forty settings per topic; smaller questions keep the memory of both sides small.
    private const int SettingsAtOnce = 100;
    private const int OffsetsAtOnce = 5000;

    /// <summary>All topics, by name.</summary>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<ImmutableArray<TopicInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var metadata = await cluster.AskAsync(
            "List the topics", admin => Task.Run(() => admin.GetMetadata(cluster.RequestTimeout), cancellationToken), cancellationToken).ConfigureAwait(false);
        return [.. metadata.Topics.Where(topic => !topic.Error.IsError || topic.Partitions.Count > 0).OrderBy(topic => topic.Topic, StringComparer.Ordinal).Select(Info)];
    }

    /// <summary>One topic; null when there is none of that name.</summary>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<TopicInfo?> FindAsync(string topic, CancellationToken cancellationToken)
    {
        var what = $"Describe topic '{topic}'";
        var description = await cluster.AskAsync(what, admin => DescribeAsync(admin, topic), cancellationToken).ConfigureAwait(false);
        return description.Error.Code switch
        {
            ErrorCode.NoError => new TopicInfo(description.Name, [.. description.Partitions.OrderBy(p => p.Partition).Select(p => new PartitionInfo(
                p.Partition, p.Leader is { Id: >= 0 } leader ? leader.Id : null, [.. p.Replicas.Select(node => node.Id)], [.. p.ISR.Select(node => node.Id)]))]),
            ErrorCode.UnknownTopicOrPart => null,
            _ => throw cluster.Failed(what, description.Error),
        };
    }

    /// <summary>One topic that has to be there.</summary>
    /// <exception cref="ClusterException">It is not; or the cluster cannot be reached or refuses.</exception>
    public async Task<TopicInfo> GetAsync(string topic, CancellationToken cancellationToken) =>
        await FindAsync(topic, cancellationToken).ConfigureAwait(false) ?? throw new ClusterException(ClusterFailure.NotFound, $"There is no topic '{topic}'.");

    /// <summary>What the logs hold. Partitions that do not answer (no leader) are missing.</summary>
    /// <param name="isolation">Read committed ends at the first open transaction.</param>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<Dictionary<TopicPartition, LogBounds>> BoundsAsync(
        IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken, IsolationLevel isolation = IsolationLevel.ReadUncommitted)
    {
        var begins = await OffsetsAsync(partitions, OffsetSpec.Earliest(), isolation, cancellationToken).ConfigureAwait(false);
        var ends = await OffsetsAsync(partitions, OffsetSpec.Latest(), isolation, cancellationToken).ConfigureAwait(false);
        return partitions.Distinct().Where(partition => begins.ContainsKey(partition) && ends.ContainsKey(partition))
            .ToDictionary(partition => partition, partition => new LogBounds(begins[partition], ends[partition]));
    }

    /// <summary>One offset for each partition that answers; -1 where no record is as young as asked for.</summary>
    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<Dictionary<TopicPartition, long>> OffsetsAsync(
        IReadOnlyCollection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (var some in partitions.Distinct().Chunk(OffsetsAtOnce))
        {
            var infos = await cluster.AskAsync("Ask for offsets", admin => ListOffsetsAsync(admin, some, spec, isolation), cancellationToken).ConfigureAwait(false);
            foreach (var found in infos.Select(info => info.TopicPartitionOffsetError).Where(found => !found.Error.IsError))
            {
                offsets[found.TopicPartition] = found.Offset.Value;
            }
        }

        return offsets;
    }

    /// <summary>The settings of topics; those that may not be read are missing.</summary>
    /// <exception cref="ClusterException">The cluster cannot be reached.</exception>
    public async Task<Dictionary<string, ImmutableArray<TopicSetting>>> SettingsAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, ImmutableArray<TopicSetting>>(StringComparer.Ordinal);
        foreach (var some in topics.Chunk(SettingsAtOnce))
        {
            foreach (var (topic, entries) in await cluster.AskAsync("Read the topics' settings", admin => DescribeConfigsAsync(admin, some), cancellationToken).ConfigureAwait(false))
            {
                settings[topic] = [.. entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)
                    .Select(entry => new TopicSetting(entry.Name, entry.IsSensitive ? null : entry.Value, entry.Source != ConfigSource.DynamicTopicConfig, entry.IsSensitive))];
            }
        }

        return settings;
    }

    private static TopicInfo Info(TopicMetadata topic) => new(topic.Topic, [.. topic.Partitions.OrderBy(p => p.PartitionId).Select(p =>
        new PartitionInfo(p.PartitionId, p.Leader >= 0 ? p.Leader : null, [.. p.Replicas], [.. p.InSyncReplicas]))]);

    private async Task<TopicDescription> DescribeAsync(IAdminClient admin, string topic)
    {
        try
        {
            var result = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = cluster.RequestTimeout }).ConfigureAwait(false);
            return result.TopicDescriptions.Single();
        }
        catch (DescribeTopicsException exception) when (exception.Results.TopicDescriptions is [var description])
        {
            return description;
        }
    }

    private async Task<List<ListOffsetsResultInfo>> ListOffsetsAsync(IAdminClient admin, TopicPartition[] partitions, OffsetSpec spec, IsolationLevel isolation)
    {
        try
        {
            var questions = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec });
            var result = await admin.ListOffsetsAsync(questions, new ListOffsetsOptions { RequestTimeout = cluster.RequestTimeout, IsolationLevel = isolation }).ConfigureAwait(false);
            return result.ResultInfos;
        }
        catch (ListOffsetsException exception) when (exception.Result?.ResultInfos is { Count: > 0 } infos && infos.Any(info => !info.TopicPartitionOffsetError.Error.IsError))
        {
            return infos;
        }
    }

    private async Task<List<(string Topic, Dictionary<string, ConfigEntryResult> Entries)>> DescribeConfigsAsync(IAdminClient admin, string[] topics)
    {
        try
        {
            var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic });
            var results = await admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = cluster.RequestTimeout }).ConfigureAwait(false);
            return [.. results.Select(result => (result.ConfigResource.Name, result.Entries))];
        }
        catch (DescribeConfigsException exception) when (exception.Results.All(report => ClusterErrors.Failure(report.Error.Code) != ClusterFailure.Unreachable))
        {
            // Reading settings needs a right of its own; topics also go while they are asked about.
            return [.. exception.Results.Where(report => !report.Error.IsError).Select(report => (report.ConfigResource.Name, report.Entries))];
        }
    }
}
