using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Streaming.Dashboard.Feed;

/// <summary>The Dashboard's activity source and meter, both called <see cref="Name"/>.</summary>
internal static class FeedTelemetry
{
    public const string Name = "Streaming.Dashboard";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> CommittedToPushed = Meter.CreateHistogram<double>(
        "streaming.dashboard.commit_to_push", "s", "From a checkpoint's write time to the publication of its figures");

    private static readonly UpDownCounter<int> Browsers = Meter.CreateUpDownCounter<int>(
        "streaming.dashboard.browsers", "{browser}", "Browsers that follow the feed");

    private static int s_browsers;

    /// <summary>A span for one publication, linked to the checkpoints that it shows for the first time.</summary>
    public static Activity? StartPush(FeedSnapshot before, FeedSnapshot snapshot)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var links = News(before, snapshot)
            .Select(p => ActivityContext.TryParse(p.TraceParent, null, isRemote: true, out var context) ? context : default)
            .Where(context => context != default)
            .Select(context => new ActivityLink(context));
        return Source.StartActivity("dashboard push", ActivityKind.Internal, default(ActivityContext), links: links);
    }

    /// <summary>Measures how old the newest checkpoint was when it was published, by the database's clock.</summary>
    public static void RecordPush(FeedSnapshot before, FeedSnapshot snapshot, int browsers)
    {
        if (News(before, snapshot).Select(p => p.UpdatedAt).DefaultIfEmpty().Max() is var newest && newest != default)
        {
            CommittedToPushed.Record(Math.Max(0, (snapshot.DatabaseTime - newest).TotalSeconds));
        }

        Browsers.Add(browsers - Interlocked.Exchange(ref s_browsers, browsers));
    }

    private static IEnumerable<PartitionProgress> News(FeedSnapshot before, FeedSnapshot snapshot) =>
        snapshot.Partitions.Where(p => !before.Partitions.Contains(p));
}
