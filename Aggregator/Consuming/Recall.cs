using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Consuming;

/// <summary>The rows that a reader needs before its next checkpoint.</summary>
internal sealed record RecallAsked(AssignedPartition Partition, PartitionReader Reader, IReadOnlyList<MissingRows> Missing)
{
    /// <summary>What was found; null when the partition is another instance's by now.</summary>
    public IReadOnlyList<WindowRow>? Rows { get; set; }
}

/// <summary>Brings evicted rows back into memory, for as long as it takes.</summary>
internal sealed class Recall(PipelineDefinition pipeline, RecallStore store, AggregatorTelemetry telemetry, ILogger logger)
{
    /// <summary>What these partitions need; nothing for most.</summary>
    public static List<RecallAsked> Asked(IEnumerable<AssignedPartition> partitions) =>
        [.. partitions.Select(partition => new RecallAsked(partition, partition.Reader!, partition.Reader!.Missing)).Where(asked => asked.Missing.Count > 0)];

    /// <exception cref="OperationCanceledException">Given up.</exception>
    public async Task<List<RecallAsked>> LoadAsync(List<RecallAsked> asked, CancellationToken cancellationToken)
    {
        foreach (var one in asked)
        {
            one.Rows = await LoadAsync(one, cancellationToken);
            telemetry.Recalled(one.Rows?.Count ?? 0);
        }

        return asked;
    }

    private async Task<IReadOnlyList<WindowRow>?> LoadAsync(RecallAsked asked, CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (true)
        {
            try
            {
                return await store.LoadAsync(asked.Reader.Partition, asked.Reader.Version, asked.Missing, pipeline.Windows, pipeline.Measures, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
            {
                if (backoff.Fail())
                {
                    AggregatorLog.RecallFails(logger, asked.Missing.Count, backoff.Attempts, e.Message);
                }
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }
}
