namespace Streaming.Aggregator.Control;

/// <summary>What was asked for is not possible now; the message says why and what would be.</summary>
public sealed class ControlRefusedException(string message) : Exception(message);
