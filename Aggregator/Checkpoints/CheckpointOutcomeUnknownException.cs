namespace Streaming.Aggregator.Checkpoints;

/// <summary>The connection broke while COMMIT was under way: only the rows' versions can tell whether it was done.</summary>
public sealed class CheckpointOutcomeUnknownException(Exception cause)
    : Exception("The connection broke during COMMIT; whether the checkpoint was written is not known.", cause);
