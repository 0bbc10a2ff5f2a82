using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using NSubstitute;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;

namespace Streaming.Aggregator.Tests.Consuming;

/// <summary>The consumer's loop on a real database, with a client whose polls do what the test says, one after the other, on the loop's own thread.</summary>
internal sealed class LoopStage : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Func<ConsumeResult<byte[], byte[]>?>> _polls = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Meters _meters = new();
    private readonly RebalanceHandlers _rebalances = new();
    private readonly AggregatorTelemetry _telemetry;
    private readonly Consumption _consumption;
    private readonly Task _running;

    public LoopStage(CheckpointBench bench, AggregatorOptions options)
    {
        Partition = new TopicPartition(bench.P0.Topic, bench.P0.Partition);
        var status = new ConsumptionStatus();
        _telemetry = new AggregatorTelemetry(_meters);
        _consumption = new Consumption(
            new(SalesByStore.Define(), 1, options, bench.Database, "a", new FixedIdentity(bench.P0.TopicId), new Ends(), new KnownKeys(), new Empty(), status, new StateBudget(512L << 20),
                _telemetry, TimeProvider.System, Lines.CreateLogger("loop")),
            _rebalances);
        _running = _consumption.RunAsync(Client(), _stop.Token);
    }

    public TopicPartition Partition { get; }

    public LineLog Lines { get; } = new();

    public IRebalanceHandler Handler => _rebalances.Handler!;

    /// <summary>Assigns the partition and waits until it is claimed and read.</summary>
    public async Task AssignAsync()
    {
        await PollAsync(() => Handler.Assigned([Partition]));
        await PollAsync(new ConsumeResult<byte[], byte[]> { TopicPartitionOffset = new(Partition, 0), IsPartitionEOF = true });
        await Until.TrueAsync(() => Lines.Has(2104), "the partition is read");
    }

    /// <summary>Has one sale of a store arrive at each of the offsets.</summary>
    public async Task ReadAsync(params long[] offsets)
    {
        foreach (var offset in offsets)
        {
            await PollAsync(Sale(offset));
        }

        await PollAsync(() => { }); // by then the last one has been taken
    }

    /// <summary>Something that the client does inside a poll, such as calling a rebalance handler. Returns when it is done.</summary>
    public Task PollAsync(Action happening) => EnqueueAsync(() =>
    {
        happening();
        return null;
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _consumption.DisposeAsync();
        _telemetry.Dispose();
        _meters.Dispose();
        _stop.Dispose();
    }

    private Task PollAsync(ConsumeResult<byte[], byte[]> record) => EnqueueAsync(() => record);

    private Task EnqueueAsync(Func<ConsumeResult<byte[], byte[]>?> poll)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _polls.Enqueue(() =>
        {
            try
            {
                return poll();
            }
            finally
            {
                done.SetResult();
            }
        });
        return done.Task.WaitAsync(Bound);
    }

    private IConsumer<byte[], byte[]> Client()
    {
        var client = Substitute.For<IConsumer<byte[], byte[]>>();
        client.GetWatermarkOffsets(Arg.Any<TopicPartition>()).Returns(new WatermarkOffsets(Offset.Unset, Offset.Unset));
        client.Consume(Arg.Any<int>()).Returns(_ =>
        {
            if (_polls.TryDequeue(out var poll))
            {
                return poll();
            }

            Thread.Sleep(1);
            return null;
        });
        return client;
    }

    private ConsumeResult<byte[], byte[]> Sale(long offset) => new()
    {
        TopicPartitionOffset = new(Partition, offset),
        Message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes("zurich-1"),
            Value = StoreSaleJson.Encode(new StoreSale("zurich-1", 10, CheckpointBench.T0 + offset)),
            Timestamp = new Timestamp(CheckpointBench.T0 + offset, TimestampType.LogAppendTime),
        },
    };

    private sealed class Ends : ILogEnds
    {
        public Task<(long Start, long End)> FindAsync(TopicPartition partition, CancellationToken cancellationToken) => Task.FromResult((0L, 1000L));

        public async Task<long?> FindQuietEndAsync(TopicPartition partition, CancellationToken cancellationToken) => (await FindAsync(partition, cancellationToken)).End;
    }

    private sealed class Empty : IOutboxDepth
    {
        public int Rows => 0;
    }
}
