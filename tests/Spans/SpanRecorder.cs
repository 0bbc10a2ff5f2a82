using System.Collections.Concurrent;
using System.Diagnostics;

namespace Streaming.Tests;

/// <summary>
/// Records the spans of a source that belong to one trace, or are linked to it. Those of tests that run at the same time are not even made, so that nothing of
/// theirs changes.
/// </summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _spans = new();

    /// <param name="source">The source's name.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="isAlso">Further traces, by the name of their first span.</param>
    public SpanRecorder(string source, ActivityTraceId trace, Func<string, bool>? isAlso = null)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = listened => listened.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace || options.Links?.Any(link => link.Context.TraceId == trace) == true || isAlso?.Invoke(options.Name) == true
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Those that have ended, in that order.</summary>
    public IReadOnlyList<Activity> Spans => [.. _spans];

    /// <summary>A context as another process would send it, recorded.</summary>
    public static ActivityContext Context(ActivityTraceId? trace = null) =>
        new(trace ?? ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, traceState: null, isRemote: true);

    public void Dispose() => _listener.Dispose();
}
