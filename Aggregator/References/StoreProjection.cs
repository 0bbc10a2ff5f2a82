using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;

namespace Streaming.Aggregator.References;

/// <summary>
/// Projects the compacted topic <c>stores</c>: every instance reads all of it from the start, keeps the set of known keys, and writes the table.
/// A tombstone removes the store. Nothing of it decides results.
/// </summary>
internal sealed class StoreProjection(Func<IConsumer<byte[], byte[]>> newConsumer, StoreTable table, KnownKeys known, ILogger logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, Store> _stores = [];
    private readonly Dictionary<string, Store?> _unwritten = [];

    /// <summary>Reads until cancelled, on a thread of its own, since the client's poll blocks; starts over after an error.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken cancellationToken)
    {
        var backoff = new Backoff();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var consumer = newConsumer();
                Read(consumer, backoff, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && (e is KafkaException || CheckpointErrors.MayPass(e)))
            {
                if (backoff.Fail())
                {
                    AggregatorLog.StoresFail(logger, backoff.Attempts, e.Message);
                }

                cancellationToken.WaitHandle.WaitOne(backoff.NextPause());
            }
        }
    }

    private void Read(IConsumer<byte[], byte[]> consumer, Backoff backoff, CancellationToken cancellationToken)
    {
        // One partition by its declaration.
        var partitions = Enumerable.Range(0, Topics.Stores.Partitions);
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(Topics.Stores.Name, p, Offset.Beginning)));
        while (!cancellationToken.IsCancellationRequested)
        {
            var record = consumer.Consume(Poll);
            if (record is null)
            {
                continue;
            }

            if (!record.IsPartitionEOF)
            {
                Take(record);
                continue;
            }

            WriteAsync(cancellationToken).GetAwaiter().GetResult();
            backoff.Reset();
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> record)
    {
        if (record.Message.Key is not { Length: > 0 } key)
        {
            AggregatorLog.BadStore(logger, record.Offset.Value, record.Topic, "it has no key");
            return;
        }

        var id = Encoding.UTF8.GetString(key);
        if (record.Message.Value is not { Length: > 0 } value)
        {
            _stores.Remove(id);
            _unwritten[id] = null;
        }
        else if (StoreJson.TryDecode(value, out var error) is not { } store)
        {
            AggregatorLog.BadStore(logger, record.Offset.Value, record.Topic, error ?? "");
        }
        else if (store.StoreId != id)
        {
            AggregatorLog.BadStore(logger, record.Offset.Value, record.Topic, "its key is not its store_id");
        }
        else
        {
            _stores[id] = store;
            _unwritten[id] = store;
        }
    }

    /// <summary>At the end of the log: what has been read since the last time becomes visible.</summary>
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        known.Replace(_stores.Keys.Select(id => new GroupKey(id)));
        if (_unwritten.Count == 0)
        {
            return;
        }

        await table.WriteAsync([.. _unwritten.Values.OfType<Store>()], [.. _unwritten.Where(u => u.Value is null).Select(u => u.Key)], cancellationToken);
        _unwritten.Clear();
        AggregatorLog.StoresLoaded(logger, _stores.Count);
    }
}
