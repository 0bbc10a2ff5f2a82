using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Records;
using Streaming.Embedded.Kafka.Tests.Server;
using Streaming.Embedded.Kafka.Tests.Storage;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

/// <summary>A transactional producer that does as it is told, request by request, and gives the errors as they come.</summary>
internal sealed class TransactionWireClient(RawClient client, string id) : IDisposable
{
    private int _correlation;

    public long ProducerId { get; set; } = -1;

    public short Epoch { get; set; } = -1;

    public static async Task<TransactionWireClient> ConnectAsync(string servers, string id) => new(await RawClient.ConnectAsync(servers), id);

    public Task<ErrorCode> InitAsync(short version = 4, int timeoutMs = 60_000) => AskAsync(
        ApiKey.InitProducerId,
        version,
        w =>
        {
            w.WriteNullableString(id);
            w.WriteInt32(timeoutMs);
            if (version >= 3)
            {
                w.WriteInt64(ProducerId);
                w.WriteInt16(Epoch);
            }
        },
        (ref WireReader r) =>
        {
            var (_, error, producerId, epoch) = (r.ReadInt32(), (ErrorCode)r.ReadInt16(), r.ReadInt64(), r.ReadInt16());
            (ProducerId, Epoch) = error == ErrorCode.None ? (producerId, epoch) : (ProducerId, Epoch);
            return error;
        },
        flexibleFrom: 2);

    public Task<List<ErrorCode>> AddAsync(string topic, int[] partitions, short version = 3) => AskAsync(
        ApiKey.AddPartitionsToTxn,
        version,
        w =>
        {
            WriteProducer(w);
            w.WriteArray([topic], (tw, name) =>
            {
                tw.WriteString(name);
                tw.WriteInt32Array(partitions);
                tw.WriteTaggedFields();
            });
        },
        ReadPartitionErrors);

    public Task<ErrorCode> AddOffsetsAsync(string group, short version = 3) => AskAsync(
        ApiKey.AddOffsetsToTxn,
        version,
        w =>
        {
            WriteProducer(w);
            w.WriteString(group);
        },
        ReadError);

    public Task<ErrorCode> EndAsync(bool commit, short version = 3) => AskAsync(
        ApiKey.EndTxn,
        version,
        w =>
        {
            WriteProducer(w);
            w.WriteBoolean(commit);
        },
        ReadError);

    public async Task<ErrorCode> CommitOffsetAsync(
        string group, string topic, long offset, short version = 3, int generation = -1, string memberId = "", string? instanceId = null) => (await AskAsync(
        ApiKey.TxnOffsetCommit,
        version,
        w =>
        {
            w.WriteString(id);
            w.WriteString(group);
            w.WriteInt64(ProducerId);
            w.WriteInt16(Epoch);
            if (version >= 3)
            {
                w.WriteInt32(generation);
                w.WriteString(memberId);
                w.WriteNullableString(instanceId);
            }

            w.WriteArray([topic], (tw, name) =>
            {
                tw.WriteString(name);
                tw.WriteArray([offset], WriteOffset);
                tw.WriteTaggedFields();
            });
        },
        ReadPartitionErrors)).Single();

    /// <summary>One batch of one record into partition 0.</summary>
    public Task<ErrorCode> ProduceAsync(string topic, int sequence, string? transactionalId = "", bool isTransactional = true) => AskAsync(
        ApiKey.Produce,
        8,
        w =>
        {
            w.WriteNullableString(transactionalId is "" ? id : transactionalId);
            w.WriteInt16(-1);
            w.WriteInt32(1000);
            w.WriteArray([topic], (tw, name) =>
            {
                tw.WriteString(name);
                tw.WriteArray([0], (pw, index) =>
                {
                    pw.WriteInt32(index);
                    pw.WriteBytes(Batches.Make(
                        [(1_000, "k", "v")], ProducerId, Epoch, sequence, isTransactional ? BatchAttributes.Transactional : BatchAttributes.None));
                });
            });
        },
        static (ref WireReader r) => r.ReadArray(static (ref WireReader t) =>
        {
            t.ReadString();
            return t.ReadArray(static (ref WireReader p) =>
            {
                p.ReadInt32();
                var error = (ErrorCode)p.ReadInt16();
                (_, _, _, _, _) = (p.ReadInt64(), p.ReadInt64(), p.ReadInt64(), p.ReadInt32(), p.ReadNullableString());
                return error;
            }).Single();
        }).Single(),
        flexibleFrom: 9);

    /// <summary>What a group's consumer hears of partition 0 when it starts.</summary>
    public Task<(long Offset, ErrorCode Error)> FetchOffsetAsync(string group, string topic, bool requireStable) => AskAsync(
        ApiKey.OffsetFetch,
        7,
        w =>
        {
            w.WriteString(group);
            w.WriteArray([topic], static (tw, name) =>
            {
                tw.WriteString(name);
                tw.WriteInt32Array([0]);
                tw.WriteTaggedFields();
            });
            w.WriteBoolean(requireStable);
        },
        static (ref WireReader r) =>
        {
            r.ReadInt32();
            return r.ReadArray(static (ref WireReader t) =>
            {
                t.ReadString();
                return t.ReadArray(static (ref WireReader p) =>
                {
                    var (_, offset, _, _, error) = (p.ReadInt32(), p.ReadInt64(), p.ReadInt32(), p.ReadNullableString(), (ErrorCode)p.ReadInt16());
                    p.SkipTaggedFields();
                    return (offset, error);
                }).Single();
            }).Single();
        },
        flexibleFrom: 6);

    public void Dispose() => client.Dispose();

    private static void WriteOffset(WireWriter writer, long offset)
    {
        writer.WriteInt32(0);
        writer.WriteInt64(offset);
        if (writer.Version >= 2)
        {
            writer.WriteInt32(-1);
        }

        writer.WriteNullableString(null);
        writer.WriteTaggedFields();
    }

    private static ErrorCode ReadError(ref WireReader reader)
    {
        reader.ReadInt32();
        return (ErrorCode)reader.ReadInt16();
    }

    private static List<ErrorCode> ReadPartitionErrors(ref WireReader reader)
    {
        reader.ReadInt32();
        return reader.ReadArray(static (ref WireReader t) =>
        {
            t.ReadString();
            var errors = t.ReadArray(static (ref WireReader p) =>
            {
                p.ReadInt32();
                var error = (ErrorCode)p.ReadInt16();
                p.SkipTaggedFields();
                return error;
            });
            t.SkipTaggedFields();
            return errors;
        }).Single();
    }

    private void WriteProducer(WireWriter writer)
    {
        writer.WriteString(id);
        writer.WriteInt64(ProducerId);
        writer.WriteInt16(Epoch);
    }

    private async Task<T> AskAsync<T>(
        ApiKey key, short version, Action<WireWriter> body, WireReader.ElementReader<T> read, short flexibleFrom = 3)
    {
        var flexible = version >= flexibleFrom;
        var correlation = ++_correlation;
        await client.RequestAsync(
            key,
            version,
            correlation,
            w =>
            {
                body(w);
                w.WriteTaggedFields();
            },
            flexible);
        var frame = await client.ReceiveAsync() ?? throw new InvalidOperationException("The broker has closed the connection.");
        return Read(frame);

        T Read(byte[] bytes)
        {
            var reader = new WireReader(bytes, version, flexible);
            Assert.Equal(correlation, reader.ReadInt32());
            reader.SkipTaggedFields();
            return read(ref reader);
        }
    }
}
