using Microsoft.Extensions.Logging;

namespace Streaming.Embedded.Kafka.Storage;

/// <summary>Log messages of the store; event ids 4500 to 4599.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(4500, LogLevel.Information, "Opened {Folder}: {Topics} topics, {Partitions} partitions in {ElapsedMs} ms")]
    public static partial void Opened(ILogger logger, string folder, int topics, int partitions, long elapsedMs);

    [LoggerMessage(4501, LogLevel.Warning, "{Partition}: cut {Bytes} bytes of a torn tail; the log goes on at offset {NextOffset}")]
    public static partial void TornTail(ILogger logger, string partition, long bytes, long nextOffset);

    [LoggerMessage(4502, LogLevel.Error, "{Partition}: {Segments} segments behind offset {Offset} do not follow on and were set aside as *.aside")]
    public static partial void SegmentsSetAside(ILogger logger, string partition, int segments, long offset);

    [LoggerMessage(4503, LogLevel.Error, "{Partition}: the log ends at offset {NextOffset}, before its recovery point {RecoveryOffset}; records are lost")]
    public static partial void LogIsShort(ILogger logger, string partition, long nextOffset, long recoveryOffset);

    [LoggerMessage(4504, LogLevel.Error, "{Partition}: the disk refuses appends at offset {NextOffset}; producers get an error until it takes them again")]
    public static partial void AppendsFail(ILogger logger, Exception exception, string partition, long nextOffset);

    [LoggerMessage(4505, LogLevel.Information, "{Partition}: the disk takes appends again at offset {NextOffset}")]
    public static partial void AppendsSucceedAgain(ILogger logger, string partition, long nextOffset);

    [LoggerMessage(4506, LogLevel.Information, "{Partition}: retention deleted {Segments} segments; the log begins at offset {LogStartOffset}")]
    public static partial void RetentionDeleted(ILogger logger, string partition, int segments, long logStartOffset);

    [LoggerMessage(4507, LogLevel.Error, "{Partition}: {Work} failed; it is tried again")]
    public static partial void MaintenanceFailed(ILogger logger, Exception exception, string partition, string work);

    [LoggerMessage(4508, LogLevel.Error, "{Partition}: reading at offset {Offset} failed")]
    public static partial void ReadFailed(ILogger logger, Exception exception, string partition, long offset);

    [LoggerMessage(4509, LogLevel.Information, "Created topic {Topic} ({Id}) with {Partitions} partitions")]
    public static partial void TopicCreated(ILogger logger, string topic, Guid id, int partitions);

    [LoggerMessage(4510, LogLevel.Information, "Deleted topic {Topic} ({Id})")]
    public static partial void TopicDeleted(ILogger logger, string topic, Guid id);

    [LoggerMessage(4512, LogLevel.Error, "The disk refuses a change of the topics; nothing has changed")]
    public static partial void ChangeFailed(ILogger logger, Exception exception);

    [LoggerMessage(4511, LogLevel.Information, "Removed what an unfinished creation or deletion left in {Folder}")]
    public static partial void LeftoversRemoved(ILogger logger, string folder);

    [LoggerMessage(4513, LogLevel.Information, "{Partition}: {Segments} segments are without a good index file; the whole log is scanned")]
    public static partial void IndexMissing(ILogger logger, string partition, int segments);

    [LoggerMessage(4514, LogLevel.Information, "{Partition}: cleaned up to offset {EndOffset}; {BytesBefore} bytes became {BytesAfter}, {Keys} keys were new")]
    public static partial void Cleaned(ILogger logger, string partition, long endOffset, long bytesBefore, long bytesAfter, int keys);

    [LoggerMessage(4515, LogLevel.Warning, "{Partition}: {Batches} batches cannot be looked into and stay whole, with every deletion marker behind the first of them")]
    public static partial void BatchesNotCleaned(ILogger logger, string partition, int batches);
}
