using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>Does the same to a log and to the model, and compares what readers see. Knows producers 0 to 3 with their epochs and sequences.</summary>
internal sealed class TransactionDriver(Func<PartitionLog> log)
{
    private readonly Dictionary<long, (short Epoch, int Sequence)> _producers = [];
    private int _values;

    public TransactionModel Model { get; set; } = new([]);

    public void SendPlain(int count)
    {
        var values = Values(count);
        Add(new ModelBatch(log().Append(Batches.Of(values)).BaseOffset, values));
    }

    public void Send(long producer, int count)
    {
        var (epoch, sequence) = _producers.GetValueOrDefault(producer);
        var values = Values(count);
        var result = log().Append(Batches.Transactional(producer, epoch, sequence, values));
        Assert.Equal((StorageError.None, false), (result.Error, result.IsDuplicate));
        _producers[producer] = (epoch, sequence + count);
        Add(new ModelBatch(result.BaseOffset, values, producer, epoch));
    }

    /// <param name="bump">The coordinator ends it for the producer and shuts it out.</param>
    public void End(long producer, bool commit, bool bump)
    {
        var (epoch, sequence) = _producers.GetValueOrDefault(producer);
        _producers[producer] = bump ? ((short)(epoch + 1), 0) : (epoch, sequence);
        var result = log().AppendMarker(producer, _producers[producer].Epoch, commit, coordinatorEpoch: 0);
        Assert.Equal(StorageError.None, result.Error);
        Add(new ModelBatch(result.BaseOffset, [""], producer, _producers[producer].Epoch, commit));
    }

    /// <summary>After a torn tail the producers go on where the log does.</summary>
    public void CutTo(long end)
    {
        Model = Model.Until(end);
        foreach (var producer in _producers.Keys)
        {
            var its = Model.Batches.Where(batch => batch.Producer == producer).ToList();
            var epoch = its.Count == 0 ? (short)0 : its.Max(batch => batch.Epoch);
            _producers[producer] = (epoch, its.Where(batch => batch.Marker is null && batch.Epoch == epoch).Sum(batch => batch.Values.Count));
        }
    }

    public void Verify(params int[] maxBytes)
    {
        var (partition, start) = (log(), log().LogStartOffset);
        Assert.Equal(Model.End, partition.HighWatermark);
        // What was deleted of an open transaction may be forgotten by a recovery: nobody can read it.
        var stable = partition.LastStableOffset;
        Assert.Contains(stable, new[] { Math.Max(start, Model.StableFrom(0)), Math.Max(start, Model.StableFrom(start)) });
        var open = partition.OpenTransactions.Select(transaction => (transaction.ProducerId, transaction.ProducerEpoch)).ToList();
        Assert.Subset(Model.OpenFrom(0).Select(transaction => (transaction.Producer, transaction.Epoch)).ToHashSet(), open.ToHashSet());
        Assert.Superset(Model.OpenFrom(start).Select(transaction => (transaction.Producer, transaction.Epoch)).ToHashSet(), open.ToHashSet());
        foreach (var size in maxBytes)
        {
            foreach (var from in new[] { start, (start + Model.End) / 2, Math.Max(start, Model.End - 2) })
            {
                Assert.Equal(Model.Committed(from, stable), CommittedReader.Read(partition, from, size));
            }
        }
    }

    private void Add(ModelBatch batch)
    {
        Assert.Equal(Model.End, batch.Offset);
        Model = new([.. Model.Batches, batch]);
    }

    private string[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => $"v{_values++}")];
}
