using System.Diagnostics.Metrics;

namespace Streaming.Dashboard.Feed;

/// <summary>The Dashboard's activity source and meter, both called <see cref="Name"/>.</summary>
internal static class FeedTelemetry
{
    public const string Name = "Streaming.Dashboard";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> CommittedToPushed = Meter.CreateHistogram<double>(
        "streaming.dashboard.commit_to_push", "s", "From a checkpoint's write time to the publication of its figures",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly Counter<long> LostConnections = Meter.CreateCounter<long>(
        "streaming.dashboard.connections.lost", "{connection}", "Times that a feed lost the database and sought it anew");

    private static readonly UpDownCounter<int> Browsers = Meter.CreateUpDownCounter<int>(
        "streaming.dashboard.browsers", "{browser}", "Browsers that follow the feed");

    private static int s_browsers;

    /// <summary>How long commits took to be published lately, by pipeline; of those whose windows this process shows.</summary>
    public static PushTimes Pushes { get; } = new(TimeProvider.System);

    /// <summary>A feed has lost the database.</summary>
    public static void ConnectionLost() => LostConnections.Add(1);

    /// <summary>Measures how old the newest checkpoint was when it was published, by the database's clock.</summary>
    public static void RecordPush(string pipeline, FeedSnapshot before, FeedSnapshot snapshot, int browsers)
    {
        // What is there when a feed begins was committed before anybody could have waited for it.
        if (before.DatabaseTime != default)
        {
            RecordPush(pipeline, News(before, snapshot).Select(p => p.UpdatedAt), snapshot.DatabaseTime);
        }

        Browsers.Add(browsers - Interlocked.Exchange(ref s_browsers, browsers));
    }

    /// <summary>Measures how old the newest of some checkpoints was when it was published, by the database's clock.</summary>
    public static void RecordPush(string pipeline, IEnumerable<DateTimeOffset> committed, DateTimeOffset published)
    {
        if (committed.DefaultIfEmpty().Max() is var newest && newest != default)
        {
            var age = published > newest ? published - newest : TimeSpan.Zero;
            CommittedToPushed.Record(age.TotalSeconds, new KeyValuePair<string, object?>("streaming.pipeline", pipeline));
            Pushes.Add(pipeline, age);
        }
    }

    private static IEnumerable<PartitionProgress> News(FeedSnapshot before, FeedSnapshot snapshot) =>
        snapshot.Partitions.Where(p => !before.Partitions.Contains(p));
}
