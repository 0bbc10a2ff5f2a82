namespace Streaming.Embedded.Kafka.Storage;

/// <summary>
/// A partition's recovery point: everything before <see cref="RecoveryOffset"/> is on the disk and indexed, and the producers, with their open
/// transactions, are those of that offset. Also
/// keeps the log's start, which <c>DeleteRecords</c> can put inside a segment.
/// </summary>
internal sealed record PartitionCheckpoint(long LogStartOffset, long RecoveryOffset, IReadOnlyDictionary<long, ProducerState> Producers)
{
    private const string FileName = "checkpoint";
    private const int Magic = 0x53435032;
    private const int MagicBeforeTransactions = 0x53435031;

    public static PartitionCheckpoint None { get; } = new(0, 0, new Dictionary<long, ProducerState>());

    /// <summary>Reads the folder's recovery point; null if there is none or it is damaged, which costs a full scan.</summary>
    public static PartitionCheckpoint? TryLoad(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (CheckedFile.TryRead(path, Magic) is { } reader)
        {
            return Read(reader, withTransactions: true);
        }
        return CheckedFile.TryRead(path, MagicBeforeTransactions) is { } former ? Read(former, withTransactions: false) : null;
    }

    public void Save(string folder, LogFileAccess access) => CheckedFile.Write(Path.Combine(folder, FileName), Magic, access, Write);

    private static PartitionCheckpoint Read(BinaryReader reader, bool withTransactions)
    {
        var (logStart, recovery) = (reader.ReadInt64(), reader.ReadInt64());
        var producers = new Dictionary<long, ProducerState>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (id, epoch, lastSeen) = (reader.ReadInt64(), reader.ReadInt16(), reader.ReadInt64());
            var batches = new ProducerBatch[reader.ReadByte()];
            for (var i = 0; i < batches.Length; i++)
            {
                batches[i] = new ProducerBatch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64());
            }
            var state = new ProducerState(epoch, batches, lastSeen);
            producers[id] = withTransactions ? ReadTransaction(reader, state) : state;
        }
        return new PartitionCheckpoint(logStart, recovery, producers);
    }

    private static ProducerState ReadTransaction(BinaryReader reader, ProducerState state) =>
        state with
        {
            TransactionStart = reader.ReadInt64(),
            CoordinatorEpoch = reader.ReadInt32(),
            AcceptsAnySequence = reader.ReadBoolean(),
        };

    private void Write(BinaryWriter writer)
    {
        writer.Write(LogStartOffset);
        writer.Write(RecoveryOffset);
        writer.Write(Producers.Count);
        foreach (var (id, state) in Producers)
        {
            writer.Write(id);
            writer.Write(state.Epoch);
            writer.Write(state.LastSeenMs);
            writer.Write((byte)state.Batches.Count);
            foreach (var batch in state.Batches)
            {
                writer.Write(batch.FirstSequence);
                writer.Write(batch.LastSequence);
                writer.Write(batch.BaseOffset);
                writer.Write(batch.LogAppendTimeMs);
            }
            writer.Write(state.TransactionStart);
            writer.Write(state.CoordinatorEpoch);
            writer.Write(state.AcceptsAnySequence);
        }
    }
}
