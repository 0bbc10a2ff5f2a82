using System.Collections.Immutable;
using Confluent.Kafka;
using Streaming.Cluster;
using Streaming.Cluster.Messages;
using Streaming.Cluster.Reading;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Kafka;

/// <summary>Reads one topic's page again and again. Messages are looked at only when there are new ones.</summary>
internal sealed class TopicPageReader(string topic, int messages, TimeProvider time)
{
    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan SettingsInterval = TimeSpan.FromSeconds(30);

    private readonly RateMeter<int> _rates = new(RateSpan);
    private ImmutableArray<TopicSetting> _settings = [];
    private DateTimeOffset _settingsAt = DateTimeOffset.MinValue;
    private MessagePage? _newest;
    private Dictionary<TopicPartition, LogBounds> _newestOf = [];

    /// <exception cref="ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<TopicSnapshot> ReadAsync(SharedCluster.Lease cluster, CancellationToken cancellationToken)
    {
        if (await cluster.Topics.FindAsync(topic, cancellationToken) is not { } info)
        {
            (_newest, _newestOf) = (null, []);
            return Missing();
        }

        var led = info.Partitions.Where(partition => partition.Leader is not null).Select(partition => new TopicPartition(info.Name, partition.Partition)).ToList();
        var bounds = await cluster.Topics.BoundsAsync(led, cancellationToken);
        if (time.GetUtcNow() - _settingsAt >= SettingsInterval)
        {
            _settings = (await cluster.Topics.SettingsAsync([info.Name], cancellationToken)).GetValueOrDefault(info.Name, []);
            _settingsAt = time.GetUtcNow();
        }

        var problem = await ReadMessagesAsync(cluster, info, bounds, cancellationToken);
        var now = time.GetUtcNow();
        return new TopicSnapshot(new FeedHealth(FeedCondition.Live, now), now, IsMissing: false, [.. info.Partitions.Select(partition => Row(info, partition, bounds, now))], _settings, _newest, problem);
    }

    /// <summary>How many messages of each partition are read to have the newest of all: fewer where there are many partitions.</summary>
    internal static int OfEach(int messages, int partitions) => partitions <= 10 ? messages : Math.Max(1, messages * 10 / partitions);

    /// <returns>Why they cannot be read: the right to read may be missing where the right to describe is there.</returns>
    private async Task<string?> ReadMessagesAsync(SharedCluster.Lease cluster, TopicInfo info, Dictionary<TopicPartition, LogBounds> bounds, CancellationToken cancellationToken)
    {
        if (_newest is not null && _newestOf.Count == bounds.Count && bounds.All(pair => _newestOf.TryGetValue(pair.Key, out var former) && former == pair.Value))
        {
            return null;
        }

        try
        {
            var look = new PeekRequest(info.Name, new ReadFrom.Newest(OfEach(messages, info.Partitions.Length))) { Count = messages };
            _newest = await MessagePage.ReadAsync(await cluster.Messages.ReadAsync(look, cancellationToken), cluster.Payloads, cancellationToken);
            _newestOf = bounds;
            return null;
        }
        catch (ClusterException exception) when (exception.Failure is ClusterFailure.Refused)
        {
            return exception.Message;
        }
    }

    private PartitionRow Row(TopicInfo info, PartitionInfo partition, Dictionary<TopicPartition, LogBounds> bounds, DateTimeOffset now) =>
        bounds.TryGetValue(new TopicPartition(info.Name, partition.Partition), out var log)
            ? new PartitionRow(partition, log, _rates.Note(partition.Partition, log.End, now))
            : new PartitionRow(partition, null, null);

    private TopicSnapshot Missing()
    {
        var now = time.GetUtcNow();
        return TopicSnapshot.Empty with { Health = new FeedHealth(FeedCondition.Live, now), ReadAt = now, IsMissing = true };
    }
}
