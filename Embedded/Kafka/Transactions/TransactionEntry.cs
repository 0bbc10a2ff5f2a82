using System.Collections.Immutable;
using System.Text;
using Streaming.Embedded.Kafka.Groups;

namespace Streaming.Embedded.Kafka.Transactions;

/// <summary>
/// How transactions lie in their journal. An entry holds a transactional id's whole state except for its partitions and groups, of which it only says
/// which were added: a transaction that grows by one partition a thousand times writes a thousand names, not half a million.
/// </summary>
internal static class TransactionEntry
{
    /// <summary>Names in one entry: with the longest ones it stays below what a journal reads back.</summary>
    private const int MaxNames = 256;

    private enum Kind : byte
    {
        /// <summary>The state, without partitions and groups.</summary>
        Emptied = 1,

        /// <summary>The state; its partitions and groups are those that there were and these.</summary>
        Grown = 2,

        /// <summary>The transactional id is forgotten.</summary>
        Forgotten = 3,
    }

    public static byte[] Forget(string id) => Encode(Kind.Forgotten, id, null, [], []);

    /// <summary>
    /// The entries that lead from one state to the next; from null: that tell all of it. Only the whole of them counts: they are appended together.
    /// </summary>
    public static List<byte[]> Encode(string id, TransactionState? former, TransactionState next)
    {
        var isGrown = former is not null && next.Partitions.Count >= former.Partitions.Count && next.Groups.Count >= former.Groups.Count;
        var partitions = isGrown && former!.Partitions != next.Partitions ? next.Partitions.Except(former.Partitions) : isGrown ? [] : next.Partitions;
        var groups = isGrown && former!.Groups != next.Groups ? next.Groups.Except(former.Groups) : isGrown ? [] : next.Groups;
        List<byte[]> entries = [.. partitions.Chunk(MaxNames).Select(some => Encode(Kind.Grown, id, next, some, [])),
            .. groups.Chunk(MaxNames).Select(some => Encode(Kind.Grown, id, next, [], some))];
        if (!isGrown)
        {
            entries.Insert(0, Encode(Kind.Emptied, id, next, [], []));
        }
        else if (entries.Count == 0)
        {
            entries.Add(Encode(Kind.Grown, id, next, [], []));
        }

        return entries;
    }

    /// <summary>Applies an entry to the states; false if the bytes are none.</summary>
    public static bool TryApply(byte[] bytes, IDictionary<string, TransactionState> states)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            var kind = (Kind)reader.ReadByte();
            var id = reader.ReadString();
            if (kind == Kind.Forgotten)
            {
                states.Remove(id);
                return true;
            }

            if (kind is not (Kind.Emptied or Kind.Grown))
            {
                return false;
            }

            states[id] = Read(reader, kind == Kind.Grown && states.TryGetValue(id, out var former) ? former : null);
            return true;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    /// <summary>Format: kind, id, then the fields in their order; numbers little-endian, times in ticks of UTC, strings length-prefixed UTF-8.</summary>
    private static byte[] Encode(Kind kind, string id, TransactionState? state, TopicPartition[] partitions, string[] groups)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write((byte)kind);
        writer.Write(id);
        if (state is not null)
        {
            Write(writer, state.Producer);
            Write(writer, state.Former);
            writer.Write((byte)state.Phase);
            writer.Write(state.Timeout.Ticks);
            writer.Write(state.StartedAt?.UtcTicks ?? -1);
            writer.Write(state.UpdatedAt.UtcTicks);
            writer.Write(partitions.Length);
            Array.ForEach(partitions, partition => { writer.Write(partition.Topic); writer.Write(partition.Partition); });
            writer.Write(groups.Length);
            Array.ForEach(groups, writer.Write);
        }

        writer.Flush();
        return buffer.ToArray();
    }

    private static TransactionState Read(BinaryReader reader, TransactionState? former)
    {
        var (producer, claimed, phase) = (ReadProducer(reader), ReadProducer(reader), (TransactionPhase)reader.ReadByte());
        if (!Enum.IsDefined(phase))
        {
            throw new FormatException($"Phase {phase} of a transaction.");
        }

        var (timeout, started, updated) = (new TimeSpan(reader.ReadInt64()), reader.ReadInt64(), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero));
        var partitions = (former?.Partitions ?? []).ToBuilder();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            partitions.Add(new TopicPartition(reader.ReadString(), reader.ReadInt32()));
        }

        var groups = (former?.Groups ?? ImmutableHashSet.Create<string>(StringComparer.Ordinal)).ToBuilder();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            groups.Add(reader.ReadString());
        }

        return new TransactionState(
            producer, claimed, phase, timeout, started < 0 ? null : new DateTimeOffset(started, TimeSpan.Zero), updated,
            partitions.ToImmutable(), groups.ToImmutable());
    }

    private static void Write(BinaryWriter writer, ProducerIdentity producer)
    {
        writer.Write(producer.Id);
        writer.Write(producer.Epoch);
    }

    private static ProducerIdentity ReadProducer(BinaryReader reader) => new(reader.ReadInt64(), reader.ReadInt16());
}
