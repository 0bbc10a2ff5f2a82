using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Streaming.Cluster;
using Streaming.Cluster.Messages;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Kafka;

/// <summary>
/// The feeds of the pages about Kafka: one for the list of topics, one for the groups, one for each topic that somebody looks at. What nobody looks at
/// costs nothing, and a hundred browsers cost what one does.
/// </summary>
public sealed class KafkaFeeds(SharedCluster cluster, IOptions<KafkaPageOptions> options, TimeProvider time, ILogger<KafkaFeeds> logger) : IAsyncDisposable
{
    /// <summary>How many looks from a chosen place may go on at a time; one more waits.</summary>
    private const int LooksAtOnce = 2;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, WatchedFeed<TopicSnapshot>> _topics = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _looks = new(LooksAtOnce, LooksAtOnce);
    private WatchedFeed<TopicList>? _list;
    private WatchedFeed<GroupList>? _groups;

    /// <summary>Whether there is a cluster to ask at all.</summary>
    public bool IsConfigured => cluster.IsConfigured;

    /// <summary>Whether Avro can be read by its schema.</summary>
    public bool HasRegistry => cluster.HasRegistry;

    /// <summary>All topics.</summary>
    public WatchedFeed<TopicList> Topics => LazyInitializer.EnsureInitialized(ref _list, () => new WatchedFeed<TopicList>(TopicList.Empty, FollowTopicsAsync, Linger, time));

    /// <summary>All groups.</summary>
    public WatchedFeed<GroupList> Groups => LazyInitializer.EnsureInitialized(ref _groups, () => new WatchedFeed<GroupList>(GroupList.Empty, FollowGroupsAsync, Linger, time));

    /// <summary>One topic, whether it exists or not.</summary>
    public WatchedFeed<TopicSnapshot> Topic(string name) => _topics.GetOrAdd(name, _ => new WatchedFeed<TopicSnapshot>(
        TopicSnapshot.Empty, (publish, stop) => FollowTopicAsync(name, publish, stop), Linger, time, () => _topics.TryRemove(name, out WatchedFeed<TopicSnapshot>? _)));

    /// <summary>Looks into a topic from a chosen place, once.</summary>
    /// <exception cref="ClusterException">No such topic or partition, or the cluster cannot be reached or refuses.</exception>
    public async Task<MessagePage> LookAsync(string topic, ReadFrom from, int? partition, CancellationToken cancellationToken)
    {
        await _looks.WaitAsync(cancellationToken);
        try
        {
            using var lease = cluster.Rent();
            var look = new PeekRequest(topic, from) { Count = options.Value.Messages, Partition = partition };
            return await MessagePage.ReadAsync(await lease.Messages.ReadAsync(look, cancellationToken), lease.Payloads, cancellationToken);
        }
        finally
        {
            _looks.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in _topics.Values)
        {
            await feed.DisposeAsync();
        }

        await (_list?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_groups?.DisposeAsync() ?? ValueTask.CompletedTask);
        _looks.Dispose();
    }

    private Task FollowTopicsAsync(Action<TopicList> publish, CancellationToken cancellationToken)
    {
        var reader = new TopicListReader(options.Value.MaxPartitions, time);
        var last = TopicList.Empty;
        return Loop().RunAsync(
            "the topics",
            async (lease, stop) => publish(last = await reader.ReadAsync(lease.Topics, stop)),
            (condition, reason) => publish(last = last.With(condition, time.GetUtcNow(), reason)),
            cancellationToken);
    }

    private Task FollowGroupsAsync(Action<GroupList> publish, CancellationToken cancellationToken)
    {
        var last = GroupList.Empty;
        return Loop().RunAsync(
            "the groups",
            async (lease, stop) =>
            {
                var names = (await lease.Groups.ListAsync(stop)).Select(group => group.Group).ToList();
                var described = await lease.Groups.DescribeAsync([.. names.Take(options.Value.MaxGroups)], stop);
                var now = time.GetUtcNow();
                publish(last = new GroupList(new FeedHealth(FeedCondition.Live, now), now, described, [.. names.Skip(options.Value.MaxGroups)]));
            },
            (condition, reason) => publish(last = last.With(condition, time.GetUtcNow(), reason)),
            cancellationToken);
    }

    private Task FollowTopicAsync(string name, Action<TopicSnapshot> publish, CancellationToken cancellationToken)
    {
        var reader = new TopicPageReader(name, options.Value.Messages, time);
        var last = TopicSnapshot.Empty;
        return Loop().RunAsync(
            name,
            async (lease, stop) => publish(last = await reader.ReadAsync(lease, stop)),
            (condition, reason) => publish(last = last.With(condition, time.GetUtcNow(), reason)),
            cancellationToken);
    }

    private KafkaLoop Loop() => new(cluster, options.Value.PollInterval, time, logger);
}
