using Confluent.Kafka;

namespace Streaming.Aggregator.Consuming;

/// <summary>How large a record becomes in the log (record batch v2, https://kafka.apache.org/documentation/#recordbatch), alone in its batch and not compressed.</summary>
internal static class RecordSize
{
    private const int BatchHeader = 61;

    /// <summary>A bound in bytes that the record's batch does not exceed; at most 34 bytes, and 8 for each header, above its real size.</summary>
    public static long AtMost(byte[]? key, byte[]? value, Headers? headers)
    {
        // Length, attributes, differences of timestamp and offset (both 0: the record is the first), the lengths of key and value, the number of headers.
        long size = BatchHeader + 5 + 1 + 1 + 1 + 5 + (key?.Length ?? 0) + 5 + (value?.Length ?? 0) + 5;
        foreach (var header in headers ?? [])
        {
            size += 5 + System.Text.Encoding.UTF8.GetByteCount(header.Key) + 5 + (header.GetValueBytes()?.Length ?? 0);
        }

        return size;
    }
}
