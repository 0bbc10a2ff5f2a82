using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Contracts;

namespace Streaming.Aggregator.Tests.Memory;

/// <summary>
/// Reads the records of one partition with what the Aggregator reads them with, but without its thread: reads, checkpoints, evictions and claims happen when a
/// test says so.
/// </summary>
internal sealed class EvictingPartition : IAsyncDisposable
{
    private readonly PipelineDefinition _pipeline;
    private readonly InputPartition _partition;
    private readonly ClaimStore _claims;
    private readonly RecallStore _recall;
    private readonly CheckpointStore _store;
    private int _failingStep;

    /// <param name="bench">The database.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="partition">Whose progress it is.</param>
    /// <param name="maxClaimBytes">What the rows that a claim loads may take.</param>
    public EvictingPartition(CheckpointBench bench, PipelineDefinition pipeline, InputPartition partition, long maxClaimBytes = long.MaxValue)
    {
        (_pipeline, _partition) = (pipeline, partition with { Pipeline = pipeline.Name });
        _claims = new ClaimStore(bench.Database, "a") { MaxRowBytes = maxClaimBytes };
        _recall = new RecallStore(bench.Database);
        _store = new CheckpointStore(bench.Database, "a")
        {
            AfterStep = step =>
            {
                if (step == _failingStep)
                {
                    _failingStep = 0;
                    throw new TimeoutException("after this step");
                }
            },
        };
    }

    public PartitionReader Reader { get; private set; } = null!;

    /// <summary>Rows that were loaded again.</summary>
    public long Recalled { get; private set; }

    /// <summary>Windows that closed from stored rows.</summary>
    public long StoredClosings { get; private set; }

    public static ConsumeResult<byte[], byte[]> Sale(long offset, string store, int amount, long timeMs, long? brokerMs = null) => new()
    {
        Topic = "sales",
        Partition = 0,
        Offset = offset,
        Message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(store),
            Value = StoreSaleJson.Encode(new StoreSale(store, amount, timeMs)),
            Timestamp = new Timestamp(brokerMs ?? timeMs, TimestampType.LogAppendTime),
        },
    };

    /// <summary>Claims the partition: what was read and not committed is to be read again from the reader's offset on.</summary>
    public async Task ClaimAsync()
    {
        var claim = await _claims.ClaimAsync(_partition, logStart: 0, _pipeline.Windows, _pipeline.Measures, CancellationToken.None);
        Reader = new PartitionReader(_pipeline, claim, new KnownKeys());
    }

    /// <summary>Loads what waiting records need, and lets them go on.</summary>
    public async Task BringAsync()
    {
        if (Reader.TakeWanted(int.MaxValue, 20_000) is { Count: > 0 } wanted)
        {
            Reader.Bring(wanted, await LoadAsync([.. wanted.SelectMany(key => key.Rows)]));
        }

        Reader.TakeWaiting(int.MaxValue);
    }

    /// <summary>Takes a checkpoint, and again after it has failed behind a step.</summary>
    public async Task CheckpointAsync(int failingStep = 0)
    {
        if (Reader.Missing is { Count: > 0 } missing)
        {
            Reader.Supply(missing, await LoadAsync(missing));
        }

        var change = Reader.TakeChange(endOffset: null);
        StoredClosings += change.Changes.Stored.Count;
        _failingStep = failingStep;
        if (failingStep > 0)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => WriteAsync(change));
        }

        var versions = await WriteAsync(change);
        Reader.Committed(versions[0], change.ToOffset);
        Reader.TakeWaiting(int.MaxValue);
    }

    /// <summary>Reads nothing more until all that was read is committed.</summary>
    public async Task FinishAsync()
    {
        while (Reader.Waiting > 0 || Reader.HasMoved)
        {
            await BringAsync();
            await CheckpointAsync();
        }
    }

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    private async Task<IReadOnlyList<Aggregator.Windowing.WindowRow>> LoadAsync(IReadOnlyList<Aggregator.Windowing.MissingRow> missing)
    {
        var rows = await _recall.LoadAsync(_partition, Reader.Version, missing, _pipeline.Windows, _pipeline.Measures, CancellationToken.None);
        Recalled += rows!.Count;
        return rows;
    }

    private Task<IReadOnlyList<long>> WriteAsync(PartitionChange change) => _store.WriteAsync([change], traceParent: null, Task.CompletedTask, CancellationToken.None);
}
