namespace Streaming.Aggregator.Alerts;

/// <summary>An alert rule that makes no sense for its pipeline; the message names the rule and says why.</summary>
public sealed class InvalidAlertRuleException(string message) : Exception(message);
