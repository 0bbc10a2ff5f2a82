namespace Streaming.Aggregator.Checkpoints;

/// <summary>The generation has been replaced or given up: nobody claims its partitions any more. Whoever runs it is about to be told to stop.</summary>
public sealed class GenerationRetiredException(InputPartition partition) : Exception($"The generation of {partition} is retired.");
