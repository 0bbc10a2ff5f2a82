using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Telemetry;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;

namespace Streaming.Aggregator.References;

/// <summary>
/// Projects the compacted topic <c>stores</c>: every instance reads all of it from the start, keeps the set of known keys, and writes the table.
/// A tombstone removes the store. Nothing of it decides results.
/// </summary>
internal sealed class StoreProjection(StoreTable table, KnownKeys known, ILogger logger) : ICompactedTopicReader
{
    private readonly Dictionary<string, Store> _stores = [];
    private readonly Dictionary<string, Store?> _unwritten = [];

    /// <summary>What was known stays: records that come again change nothing, and the table's rows go by what is read.</summary>
    public void Begin()
    {
    }

    public void Take(ConsumeResult<byte[], byte[]> record)
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

    /// <summary>What has been read since the last time becomes visible.</summary>
    public void ReachEnd(CancellationToken cancellationToken) => WriteAsync(cancellationToken).GetAwaiter().GetResult();

    public void Fail(int attempts, string reason) => AggregatorLog.StoresFail(logger, attempts, reason);

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
