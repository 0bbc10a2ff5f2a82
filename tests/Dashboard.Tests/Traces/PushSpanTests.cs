using System.Diagnostics;
using Streaming.Contracts.Tracing;
using Streaming.Dashboard.Feed;
using Streaming.Tests;

namespace Streaming.Dashboard.Tests.Traces;

public sealed class PushSpanTests
{
    private readonly ActivityContext _first = SpanRecorder.Context();
    private readonly ActivityContext _second = SpanRecorder.Context();

    [Fact]
    public void A_push_is_linked_to_the_checkpoints_that_it_shows_for_the_first_time_and_to_no_other()
    {
        using var recorder = new SpanRecorder(FeedTelemetry.Name, _second.TraceId);
        using var request = new Activity("a page that somebody loads").Start();
        var before = Snapshot(_first, null);

        PushSpan.Start("p", before, Snapshot(_first, _second))!.Dispose();

        var push = Assert.Single(recorder.Spans);
        Assert.Equal(("dashboard push", default(ActivitySpanId), "p"), (push.DisplayName, push.ParentSpanId, push.GetTagItem("streaming.pipeline")));
        Assert.NotEqual(request.TraceId, push.TraceId);
        Assert.Equal([_second], push.Links.Select(link => link.Context));
        Assert.Null(PushSpan.Start("p", before, before));
        Assert.Null(PushSpan.Start("p", FeedSnapshot.Empty, Snapshot(_second, null)));
    }

    [Fact]
    public void Some_of_the_browsers_that_show_a_push_are_part_of_its_trace()
    {
        using var recorder = new SpanRecorder(FeedTelemetry.Name, _second.TraceId, name => name == "browser update");
        var snapshot = Snapshot(_first, _second);
        using (PushSpan.Start("p", Snapshot(_first, null), snapshot))
        {
            for (var browser = 0; browser < 200; browser++)
            {
                PushSpan.StartBrowser(snapshot)?.Dispose();
            }
        }

        var push = recorder.Spans.Single(span => span.DisplayName == "dashboard push");
        var browsers = recorder.Spans.Where(span => span.DisplayName == "browser update").ToList();
        Assert.Equal(4, browsers.Count);
        Assert.All(browsers, span => Assert.Equal((push.TraceId, push.SpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Null(PushSpan.StartBrowser(Snapshot(_first, null)));
    }

    private static FeedSnapshot Snapshot(ActivityContext one, ActivityContext? other) => Samples.Snapshot(
        [], [Samples.Progress(0) with { TraceParent = TraceParent.Format(one) }, Samples.Progress(1) with { TraceParent = other is { } context ? TraceParent.Format(context) : null }]);
}
