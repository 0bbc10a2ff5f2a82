using System.Collections.Immutable;
using Confluent.Kafka;
using Streaming.Cluster.Reading;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Kafka;

/// <summary>Reads the list of topics again and again: offsets each time, settings now and then. Remembers what rates need.</summary>
internal sealed class TopicListReader(int maxPartitions, TimeProvider time)
{
    private const int MostSettings = 2000;
    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan SettingsInterval = TimeSpan.FromMinutes(1);

    private readonly RateMeter<string> _rates = new(RateSpan);
    private Dictionary<string, ImmutableArray<TopicSetting>> _settings = [];
    private DateTimeOffset _settingsAt = DateTimeOffset.MinValue;

    /// <exception cref="Streaming.Cluster.ClusterException">The cluster cannot be reached or refuses.</exception>
    public async Task<TopicList> ReadAsync(TopicReader topics, CancellationToken cancellationToken)
    {
        var infos = await topics.ListAsync(cancellationToken);
        var asked = Asked(infos, maxPartitions);
        var bounds = await topics.BoundsAsync(asked, cancellationToken);
        await ReadSettingsAsync(topics, infos, cancellationToken);
        var now = time.GetUtcNow();
        _rates.Keep(infos.Select(info => info.Name).ToHashSet(StringComparer.Ordinal));
        var isPartial = infos.Sum(info => info.Partitions.Length) > maxPartitions;
        return new TopicList(new FeedHealth(FeedCondition.Live, now), now, [.. infos.Select(info => Row(info, bounds, now))], isPartial);
    }

    /// <summary>The partitions of as many topics as fit, Kafka's own last: half a topic's partitions would say nothing.</summary>
    internal static List<TopicPartition> Asked(ImmutableArray<TopicInfo> infos, int maxPartitions)
    {
        var asked = new List<TopicPartition>();
        foreach (var info in infos.OrderBy(info => info.IsInternal).Where(info => info.Partitions.Length <= maxPartitions))
        {
            if (asked.Count + info.Partitions.Length > maxPartitions)
            {
                break;
            }

            asked.AddRange(info.Partitions.Where(partition => partition.Leader is not null).Select(partition => new TopicPartition(info.Name, partition.Partition)));
        }

        return asked;
    }

    private TopicRow Row(TopicInfo info, Dictionary<TopicPartition, LogBounds> bounds, DateTimeOffset now)
    {
        var logs = info.Partitions.Select(partition => bounds.TryGetValue(new TopicPartition(info.Name, partition.Partition), out var log) ? log : (LogBounds?)null).ToList();
        var isKnown = logs.Count > 0 && !logs.Contains(null);
        var settings = _settings.GetValueOrDefault(info.Name, []);
        return new TopicRow(
            info.Name, info.Partitions.Length, info.Replication,
            isKnown ? logs.Sum(log => log!.Value.Records) : null,
            isKnown ? _rates.Note(info.Name, logs.Sum(log => log!.Value.End), now) : null,
            Setting(settings, "cleanup.policy"), Setting(settings, "retention.ms"),
            info.Partitions.Count(partition => partition.Leader is null),
            info.Partitions.Count(partition => partition.InSync.Length < partition.Replicas.Length));
    }

    private async Task ReadSettingsAsync(TopicReader topics, ImmutableArray<TopicInfo> infos, CancellationToken cancellationToken)
    {
        var some = infos.Take(MostSettings).Select(info => info.Name).ToList();
        if (time.GetUtcNow() - _settingsAt >= SettingsInterval)
        {
            _settings = await topics.SettingsAsync(some, cancellationToken);
            _settingsAt = time.GetUtcNow();
        }
        else if (some.Where(name => !_settings.ContainsKey(name)).ToList() is { Count: > 0 } fresh)
        {
            var found = await topics.SettingsAsync(fresh, cancellationToken);
            foreach (var name in fresh)
            {
                // One that does not answer is not asked again with every look.
                _settings[name] = found.GetValueOrDefault(name, []);
            }
        }
    }

    private static string? Setting(ImmutableArray<TopicSetting> settings, string name) => settings.FirstOrDefault(setting => setting.Name == name)?.Value;
}
