using System.Diagnostics;
using Streaming.Contracts.Tracing;

namespace Streaming.Dashboard.Feed;

/// <summary>A publication that is traced. Some of the browsers that show it have a span below its own.</summary>
internal sealed class PushTrace(ActivityContext context)
{
    /// <summary>Of two hundred browsers a few tell as much as all.</summary>
    private const int MostBrowsers = 4;

    private int _browsers;

    public ActivityContext Context => context;

    /// <summary>False once enough browsers have a span.</summary>
    public bool TakeBrowser() => Interlocked.Increment(ref _browsers) <= MostBrowsers;
}

/// <summary>The end of an event's way: figures are published to all browsers, and a browser shows them. Source <c>Streaming.Dashboard</c>; docs/tracing.md lists the spans.</summary>
internal static class PushSpan
{
    private static readonly ActivitySource Source = new(FeedTelemetry.Name);

    /// <summary>
    /// A span for one publication, linked to the traced checkpoints that it shows for the first time. Null when there is none: the other publications, several a second,
    /// are in the metrics. What was in the database before the feed began is no news.
    /// </summary>
    public static Activity? Start(string pipeline, FeedSnapshot before, FeedSnapshot snapshot)
    {
        if (!Source.HasListeners() || before.Generation is null)
        {
            return null;
        }

        var seen = before.Partitions.Select(partition => partition.TraceParent).ToHashSet();
        var checkpoints = snapshot.Partitions
            .Where(partition => !seen.Contains(partition.TraceParent))
            .Select(partition => TraceParent.TryParse(partition.TraceParent, out var context) ? context : default)
            .Where(context => context != default).Distinct().Select(context => new ActivityLink(context)).ToList();
        if (checkpoints.Count == 0)
        {
            return null;
        }

        Activity.Current = null;
        var span = Source.StartActivity("dashboard push", ActivityKind.Internal, default(ActivityContext), [new(MessagingTags.Pipeline, pipeline)], checkpoints);
        snapshot.Push = span is { Recorded: true } ? new PushTrace(span.Context) : null;
        return span;
    }

    /// <summary>A span for one browser, below the publication's: from handing the figures to the page until the browser has confirmed them. Null where it is not traced.</summary>
    public static Activity? StartBrowser(FeedSnapshot snapshot) =>
        snapshot.Push is { } push && push.TakeBrowser() ? Source.StartActivity("browser update", ActivityKind.Internal, push.Context) : null;
}
