namespace Streaming.Dashboard.Alerts;

/// <summary>An alert from when it began to fire until it was resolved. Names, keys and messages are text from elsewhere.</summary>
/// <param name="Pipeline">The pipeline whose windows are judged.</param>
/// <param name="PipelineTitle">Its name for people.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Key">Whose windows: a store, a station, a device.</param>
/// <param name="Since">Event time at which it began; null when that is longer ago than transitions are kept.</param>
/// <param name="ResolvedAt">Event time at which it ended; null while it fires.</param>
/// <param name="IsFiring">Whether it fires now. One that does not and has no end was forgotten with its key.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Message">In words.</param>
/// <param name="Window">The window that decided; null where it is not stored.</param>
/// <param name="Value">What was judged; null for an absence.</param>
/// <param name="Threshold">What it was held against.</param>
public sealed record AlertRow(
    string Pipeline, string PipelineTitle, string Rule, string Key, DateTimeOffset? Since, DateTimeOffset? ResolvedAt, bool IsFiring, string Severity, string Message,
    AlertWindow? Window, double? Value, double? Threshold)
{
    /// <summary>W3C trace context of the checkpoint that found it; null where that was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Larger is worse.</summary>
    public int Rank => Severity switch { "critical" => 2, "info" => 0, _ => 1 };

    /// <summary>How long it has lasted at <paramref name="now"/>, or lasted; null when one of its ends is not known.</summary>
    public TimeSpan? Lasted(DateTimeOffset now) => Since is not { } since ? null : IsFiring ? now - since : ResolvedAt - since;
}

/// <summary>A window by its kind and interval.</summary>
public sealed record AlertWindow(string Name, DateTimeOffset Start, DateTimeOffset End);
