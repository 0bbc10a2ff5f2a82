using System.Collections.Immutable;

namespace Streaming.Dashboard.Pipelines;

/// <summary>An alert that fires, or a transition of one. Names and messages are text from elsewhere.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Key">Whose windows it judges.</param>
/// <param name="At">Event time of the transition; null while it is not stored.</param>
/// <param name="IsFiring">Whether it began to fire, rather than to rest.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Message">In words.</param>
/// <param name="WindowName">The kind of windows that is judged.</param>
/// <param name="WindowStart">The window that decided.</param>
/// <param name="WindowEnd">Its end.</param>
/// <param name="Value">What was judged.</param>
/// <param name="Threshold">What it was held against.</param>
public sealed record PipelineAlert(
    string Rule, string Key, DateTimeOffset? At, bool IsFiring, string Severity, string Message,
    string WindowName, DateTimeOffset? WindowStart, DateTimeOffset? WindowEnd, double? Value, double? Threshold);

/// <summary>The alerts of a pipeline.</summary>
/// <param name="Firing">Those that fire now, newest first, at most <see cref="Shown"/>.</param>
/// <param name="FiringCount">How many fire in all.</param>
/// <param name="Transitions">The last ones, newest first.</param>
public sealed record PipelineAlerts(ImmutableArray<PipelineAlert> Firing, int FiringCount, ImmutableArray<PipelineAlert> Transitions)
{
    /// <summary>How many of each are read.</summary>
    public const int Shown = 20;

    public static PipelineAlerts None { get; } = new([], 0, []);
}
