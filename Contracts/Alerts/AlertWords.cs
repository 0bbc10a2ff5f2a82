namespace Streaming.Contracts.Alerts;

/// <summary>The stable words of alerts in tables and on the topic.</summary>
public static class AlertWords
{
    /// <summary>An alert began to fire.</summary>
    public const string Firing = "firing";

    /// <summary>An alert is over.</summary>
    public const string Resolved = "resolved";

    /// <summary>The word of a severity.</summary>
    public static string Of(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Info => "info",
        AlertSeverity.Warning => "warning",
        AlertSeverity.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "no severity"),
    };
}
