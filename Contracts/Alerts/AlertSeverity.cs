namespace Streaming.Contracts.Alerts;

/// <summary>How bad an alert is; its stable words are <c>info</c>, <c>warning</c> and <c>critical</c>.</summary>
public enum AlertSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>Somebody must act.</summary>
    Critical,
}
