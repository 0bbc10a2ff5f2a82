using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage.Compaction;

/// <summary>An aborted transaction: its records lie from <see cref="FirstOffset"/> on, its marker at <see cref="MarkerOffset"/>.</summary>
internal readonly record struct AbortedRange(long ProducerId, long FirstOffset, long MarkerOffset);

/// <summary>What became of the transactions of a log, as it is read from its start: whose records go, and which markers have nothing left to decide.</summary>
internal sealed class TransactionLedger
{
    private readonly Dictionary<long, AbortedRange[]> _aborted;
    private readonly HashSet<long> _seen = [];
    private readonly HashSet<long> _busyMarkers = [];

    /// <param name="aborted">Every aborted transaction that has records before the end of what is read.</param>
    public TransactionLedger(IEnumerable<AbortedRange> aborted) =>
        _aborted = aborted.GroupBy(range => range.ProducerId).ToDictionary(ranges => ranges.Key, ranges => ranges.OrderBy(range => range.MarkerOffset).ToArray());

    /// <summary>Whether the marker at this offset has been met and its transaction had batches before it.</summary>
    public bool HadRecords(long markerOffset) => _busyMarkers.Contains(markerOffset);

    /// <summary>Whether the batch belongs to an aborted transaction.</summary>
    public bool IsAborted(in RecordBatchHeader batch)
    {
        if (!batch.IsTransactional || !_aborted.TryGetValue(batch.ProducerId, out var ranges))
        {
            return false;
        }
        // The producer's first transaction that ended behind the batch is the batch's own, if it was aborted.
        var (low, high) = (0, ranges.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].MarkerOffset < batch.BaseOffset ? (middle + 1, high) : (low, middle);
        }
        return low < ranges.Length && ranges[low].FirstOffset <= batch.BaseOffset;
    }

    /// <summary>Notes a batch of records.</summary>
    public void OnData(in RecordBatchHeader batch)
    {
        if (batch.IsTransactional)
        {
            _seen.Add(batch.ProducerId);
        }
    }

    /// <summary>Notes a marker; true if nothing of its transaction was left before it.</summary>
    public bool OnMarker(in RecordBatchHeader marker)
    {
        var isIdle = !_seen.Remove(marker.ProducerId);
        if (!isIdle)
        {
            _busyMarkers.Add(marker.BaseOffset);
        }
        return isIdle;
    }
}
