using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Storage;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>A transactional producer of one epoch at the log, its coordinator included.</summary>
internal sealed class TransactionalWriter(Stage stage, long id, short epoch = 0)
{
    private int _sequence;

    public AppendResult Send(params string[] values)
    {
        var result = stage.Partition.Append(Batches.Transactional(id, epoch, _sequence, values));
        _sequence += result.Error == StorageError.None ? values.Length : 0;
        return result;
    }

    public AppendResult Commit() => stage.Partition.AppendMarker(id, epoch, commit: true, coordinatorEpoch: 0);

    public AppendResult Abort() => stage.Partition.AppendMarker(id, epoch, commit: false, coordinatorEpoch: 0);
}

/// <summary>Reads as consumers with <c>isolation.level=read_committed</c> do: the broker ends at the last stable offset, the client leaves out what was aborted.</summary>
internal static class CommittedReader
{
    public static List<(long Offset, string Value)> Read(PartitionLog log, long? fromOffset = null, int maxBytes = 1 << 20)
    {
        var records = new List<(long Offset, string Value)>();
        var offset = fromOffset ?? log.LogStartOffset;
        while (true)
        {
            using var slice = log.Read(offset, maxBytes, minOneBatch: true, IsolationLevel.ReadCommitted);
            Assert.Equal(StorageError.None, slice.Error);
            if (slice.Length == 0)
            {
                return records;
            }
            var next = ReadSlice(Stage.Bytes(slice), slice.Aborted, offset, records);
            Assert.InRange(next, offset + 1, slice.Bounds.LastStableOffset);
            offset = next;
        }
    }

    // Gives the offset behind the slice.
    private static long ReadSlice(
        ReadOnlySpan<byte> bytes, IReadOnlyList<AbortedTransaction> aborted, long fromOffset, List<(long Offset, string Value)> records)
    {
        var waiting = new Queue<AbortedTransaction>(aborted.OrderBy(transaction => transaction.FirstOffset));
        var leftOut = new HashSet<long>();
        var next = fromOffset;
        for (RecordBatchHeader batch; !bytes.IsEmpty; bytes = bytes[(int)batch.TotalSize..], next = batch.LastOffset + 1)
        {
            batch = RecordBatchHeader.Read(bytes);
            while (waiting.TryPeek(out var first) && first.FirstOffset <= batch.LastOffset)
            {
                leftOut.Add(waiting.Dequeue().ProducerId);
            }
            if (batch.IsControl)
            {
                var marker = EndTransactionMarker.TryRead(bytes[RecordBatchHeader.Size..(int)batch.TotalSize]);
                _ = marker is { IsCommit: false } && leftOut.Remove(batch.ProducerId);
            }
            else if (!batch.IsTransactional || !leftOut.Contains(batch.ProducerId))
            {
                records.AddRange(Batches.Decode(bytes[..(int)batch.TotalSize]).Where(record => record.Offset >= fromOffset).Select(record => (record.Offset, record.Value)));
            }
        }
        return next;
    }
}
