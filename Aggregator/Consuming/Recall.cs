using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Consuming;

/// <summary>The rows that a reader needs before its next checkpoint, or for records that wait.</summary>
internal sealed record RecallAsked(AssignedPartition Partition, PartitionReader Reader, IReadOnlyList<MissingRow> Missing, IReadOnlyList<WantedKey> Wanted)
{
    /// <summary>What was found; null when the partition is another instance's by now.</summary>
    public IReadOnlyList<WindowRow>? Rows { get; set; }

    public IReadOnlyList<MissingRow> AllRows => Wanted.Count == 0 ? Missing : [.. Wanted.SelectMany(key => key.Rows)];

    /// <summary>Gives the reader what was found.</summary>
    public void Supply()
    {
        if (Wanted.Count == 0)
        {
            Reader.Supply(Missing, Rows!);
        }
        else
        {
            Reader.Bring(Wanted, Rows!);
        }
    }
}

/// <summary>Brings evicted rows back into memory, for as long as it takes.</summary>
internal sealed class Recall(PipelineDefinition pipeline, RecallStore store, AggregatorTelemetry telemetry, ILogger logger)
{
    /// <summary>Rows that waiting records of one partition may ask for at once: so many do fit into memory beside the bound.</summary>
    private const int MostWanted = 20_000;
    private const int MostWantedWithState = 2_000;

    /// <summary>What these partitions need for a checkpoint; nothing for most.</summary>
    public static List<RecallAsked> Asked(IEnumerable<AssignedPartition> partitions) =>
        [.. partitions.Select(partition => new RecallAsked(partition, partition.Reader!, partition.Reader!.Missing, [])).Where(asked => asked.Missing.Count > 0)];

    /// <summary>What their waiting records need; nothing for most.</summary>
    public List<RecallAsked> Wanted(IEnumerable<AssignedPartition> partitions, int mostRecords) =>
        [.. partitions.Where(partition => partition.Reader!.Waiting > 0)
            .Select(partition => new RecallAsked(
                partition, partition.Reader!, [], partition.Reader!.TakeWanted(mostRecords, pipeline.Measures.NeedsState ? MostWantedWithState : MostWanted)))
            .Where(asked => asked.Wanted.Count > 0)];

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
                return await store.LoadAsync(asked.Reader.Partition, asked.Reader.Version, asked.AllRows, pipeline.Windows, pipeline.Measures, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && CheckpointErrors.MayPass(e))
            {
                if (backoff.Fail())
                {
                    AggregatorLog.RecallFails(logger, asked.AllRows.Count, backoff.Attempts, e.Message);
                }
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }
}
