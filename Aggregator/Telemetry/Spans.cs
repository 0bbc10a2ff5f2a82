using System.Diagnostics;
using Streaming.Contracts.Tracing;

namespace Streaming.Aggregator.Telemetry;

/// <summary>What the Aggregator's spans have in common; source <c>Streaming.Aggregator</c>. docs/tracing.md lists them.</summary>
internal static class Spans
{
    /// <summary>Most links of one span. A span that covers a million records is no more useful for a thousand links.</summary>
    public const int MostLinks = 32;

    public static readonly ActivitySource Source = new(AggregatorTelemetry.Name);

    /// <summary>Begins a span that is the first of its trace, whatever else this thread is in the middle of, and is linked to what caused it.</summary>
    /// <param name="name">What is done, and with what: <c>checkpoint sales</c>.</param>
    /// <param name="kind">As the messaging conventions say.</param>
    /// <param name="tags">What is known when it begins, for samplers.</param>
    /// <param name="causes">Contexts of spans in other traces; the first <see cref="MostLinks"/> different ones are linked.</param>
    /// <returns>Null when nobody listens. The caller's current span afterwards, until it is disposed.</returns>
    public static Activity? StartRoot(string name, ActivityKind kind, IEnumerable<KeyValuePair<string, object?>> tags, IEnumerable<ActivityContext> causes)
    {
        var outer = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(name, kind, default(ActivityContext), tags, causes.Distinct().Take(MostLinks).Select(cause => new ActivityLink(cause)));
        if (span is null)
        {
            Activity.Current = outer;
        }

        return span;
    }

    /// <summary>Marks a span as failed.</summary>
    public static void Fail(this Activity span, string errorType, string description) =>
        span.SetTag(MessagingTags.ErrorType, errorType).SetStatus(ActivityStatusCode.Error, description);

    /// <summary>Marks a span as failed; a stop is no failure.</summary>
    public static void Fail(this Activity span, Exception exception)
    {
        if (exception is not OperationCanceledException)
        {
            span.Fail(exception.GetType().FullName!, exception.Message);
        }
    }

    /// <summary>The span as rows and headers carry it; null when it is not recorded.</summary>
    public static string? TraceParentOf(Activity? span) => span is { Recorded: true } ? TraceParent.Format(span.Context) : null;
}
