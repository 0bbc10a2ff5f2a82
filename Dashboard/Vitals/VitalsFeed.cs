using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Vitals;

/// <summary>How everything runs, once a second while somebody looks, for all browsers together.</summary>
public sealed class VitalsFeed(
    NpgsqlDataSource database, PipelineReader pipelines, VitalsReader reader, IOptions<DashboardOptions> options, TimeProvider time, ILogger<VitalsFeed> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Checkpoints come in bursts; over this long their rate is steady.
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);

    private WatchedFeed<VitalsSnapshot>? _feed;

    /// <summary>All pipelines.</summary>
    public WatchedFeed<VitalsSnapshot> All => LazyInitializer.EnsureInitialized(ref _feed, () => new WatchedFeed<VitalsSnapshot>(VitalsSnapshot.Empty, FollowAsync, Linger, time));

    public ValueTask DisposeAsync() => _feed?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task FollowAsync(Action<VitalsSnapshot> publish, CancellationToken cancellationToken)
    {
        var last = VitalsSnapshot.Empty;
        var rates = new Dictionary<(string Pipeline, int Generation), EventRate>();
        var poll = options.Value.PollInterval;
        return new FeedLoop(database, null, poll, Interval < poll ? Interval : poll, time, logger).RunAsync(
            async stop =>
            {
                var (databaseTime, infos) = await pipelines.ListAsync(stop);
                var instances = await reader.ReadAsync(stop);
                var now = time.GetUtcNow();
                publish(last = Snapshot(last.With(FeedCondition.Live, now, null), databaseTime ?? now, infos, instances, rates) with { ReadAt = now });
            },
            (condition, reason) => publish(last = last.With(condition, time.GetUtcNow(), reason)),
            cancellationToken);
    }

    private VitalsSnapshot Snapshot(
        VitalsSnapshot last, DateTimeOffset now, ImmutableArray<PipelineInfo> infos, ImmutableArray<InstanceVitals> instances, Dictionary<(string, int), EventRate> rates)
    {
        ImmutableArray<PipelineVitals> vitals = [.. infos.Select(info => PipelineVitals.Of(
            info, instances, Rate(rates, info, now), FeedTelemetry.Pushes.Of(info.Name), now, options.Value.StaleAfter))];
        var speaking = vitals.SelectMany(pipeline => pipeline.Instances).Where(instance => !instance.IsSilent(now)).ToList();
        return last with
        {
            DatabaseTime = now,
            Pipelines = vitals,
            EventToCommit = Percentiles.Of(speaking.Select(instance => instance.EventToCommit)),
            CommitToPush = Percentiles.Of(infos.Select(info => FeedTelemetry.Pushes.Of(info.Name))),
            CheckpointDuration = Percentiles.Of(speaking.Select(instance => instance.CheckpointDuration)),
        };
    }

    private static double? Rate(Dictionary<(string, int), EventRate> rates, PipelineInfo info, DateTimeOffset now)
    {
        var key = (info.Name, info.Generation);
        if (!rates.TryGetValue(key, out var rate))
        {
            rates[key] = rate = new EventRate(RateWindow);
        }

        rate.Add(now, info.Shown.Sum(partition => partition.Events));
        return rate.PerSecond;
    }
}
