using System.Runtime.InteropServices;
using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Writes what the broker decides into the batches of an append: offsets, and with LogAppendTime its clock.</summary>
internal static class BatchStamp
{
    /// <summary>Changes both the bytes and <paramref name="headers"/>.</summary>
    public static void Apply(Span<byte> set, List<RecordBatchHeader> headers, long baseOffset, TimestampType timestampType, long nowMs)
    {
        foreach (ref var header in CollectionsMarshal.AsSpan(headers))
        {
            var batch = set[..(int)header.TotalSize];
            header = header with { BaseOffset = baseOffset, PartitionLeaderEpoch = 0 };
            RecordBatchHeader.WritePlace(batch, baseOffset, partitionLeaderEpoch: 0);
            var isLogAppendTime = timestampType == TimestampType.LogAppendTime;
            if (isLogAppendTime || header.Attributes.HasFlag(BatchAttributes.LogAppendTime))
            {
                header = header with
                {
                    Attributes = isLogAppendTime ? header.Attributes | BatchAttributes.LogAppendTime : header.Attributes & ~BatchAttributes.LogAppendTime,
                    MaxTimestamp = isLogAppendTime ? nowMs : header.MaxTimestamp,
                };
                RecordBatchHeader.WriteTimestamps(batch, header.Attributes, header.MaxTimestamp);
            }
            baseOffset = header.LastOffset + 1;
            set = set[batch.Length..];
        }
    }
}
