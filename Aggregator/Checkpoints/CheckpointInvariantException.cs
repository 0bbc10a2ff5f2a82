namespace Streaming.Aggregator.Checkpoints;

/// <summary>The database contradicts what must hold (a final window would change). No retry helps: the process stops.</summary>
public sealed class CheckpointInvariantException(string message) : Exception(message);
