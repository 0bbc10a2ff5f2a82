namespace Streaming.Embedded.Kafka.Storage;

/// <summary>What became of an append.</summary>
/// <param name="Error"><see cref="StorageError.None"/>, or why nothing was appended.</param>
/// <param name="BaseOffset">Offset of the first record, of the former append if this is a duplicate; -1 on error.</param>
/// <param name="LogAppendTimeMs">The broker's time in the records (epoch milliseconds), or -1 when the topic keeps the producer's times.</param>
/// <param name="LogStartOffset">The log's first offset.</param>
/// <param name="IsDuplicate">An idempotent producer sent a batch again that is already in the log.</param>
/// <param name="Message">In words what was wrong; null on success.</param>
public readonly record struct AppendResult(
    StorageError Error, long BaseOffset, long LogAppendTimeMs, long LogStartOffset, bool IsDuplicate = false, string? Message = null)
{
    /// <summary>Which records of the first refused batch, counted from 0, are to blame (KIP-467); none if it is not a matter of single records.</summary>
    public IReadOnlyList<int> BadRecords { get => field ?? []; init; }

    internal static AppendResult Failed(StorageError error, long logStartOffset, string message) => new(error, -1, -1, logStartOffset, false, message);
}
