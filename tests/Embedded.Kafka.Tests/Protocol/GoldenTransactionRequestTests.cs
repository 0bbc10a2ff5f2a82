using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Protocol;

/// <summary>Bytes of the transactions' requests laid out by hand from the protocol's description, old and flexible; every byte must be used.</summary>
public sealed class GoldenTransactionRequestTests
{
    /// <summary>Producer id 7, epoch 3.</summary>
    private const string Producer = "0000000000000007" + "0003";

    private const string InitV4 = "0378" + "74" + "0000EA60" + Producer + "00";
    private const string AddPartitionsV3 = "037874" + Producer + "02" + "0274" + "03" + "00000000" + "00000001" + "00" + "00";
    private const string OffsetsV3 = "037874" + "0267" + Producer + "00000005" + "026D" + "0269" + "02" + "0274" + "02"
        + "00000000" + "0000000000000009" + "FFFFFFFF" + "00" + "00" + "00" + "00";

    [Theory]
    [InlineData(0, "00027874" + "0000EA60", -1)]
    [InlineData(3, "037874" + "0000EA60" + Producer + "00", 7)]
    [InlineData(4, InitV4, 7)]
    public void Init_producer_id(short version, string hex, long producerId)
    {
        var request = Decode<InitProducerIdRequest>(version, hex);
        Assert.Equal(("xt", 60_000, producerId), (request.TransactionalId, request.TransactionTimeoutMs, request.ProducerId));
    }

    [Theory]
    [InlineData(0, "00027874" + Producer + "00000001" + "000174" + "00000002" + "00000000" + "00000001")]
    [InlineData(3, AddPartitionsV3)]
    public void Add_partitions(short version, string hex)
    {
        var request = Decode<AddPartitionsToTxnRequest>(version, hex);
        Assert.Equal(("xt", 7L, (short)3, "t"), (request.TransactionalId, request.ProducerId, request.ProducerEpoch, request.Topics[0].Name));
        Assert.Equal([0, 1], request.Topics[0].Partitions);
    }

    [Theory]
    [InlineData(0, "00027874" + Producer + "000167")]
    [InlineData(3, "037874" + Producer + "0267" + "00")]
    public void Add_offsets(short version, string hex) =>
        Assert.Equal(new AddOffsetsToTxnRequest("xt", 7, 3, "g"), Decode<AddOffsetsToTxnRequest>(version, hex));

    [Theory]
    [InlineData(0, "00027874" + Producer + "01")]
    [InlineData(3, "037874" + Producer + "01" + "00")]
    public void End(short version, string hex) => Assert.Equal(new EndTxnRequest("xt", 7, 3, Commit: true), Decode<EndTxnRequest>(version, hex));

    [Theory]
    [InlineData(0, "00027874" + "000167" + Producer + "00000001" + "000174" + "00000001" + "00000000" + "0000000000000009" + "FFFF", -1, "")]
    [InlineData(2, "00027874" + "000167" + Producer + "00000001" + "000174" + "00000001" + "00000000" + "0000000000000009" + "FFFFFFFF" + "FFFF", -1, "")]
    [InlineData(3, OffsetsV3, 5, "m")]
    public void Offsets(short version, string hex, int generation, string memberId)
    {
        var request = Decode<TxnOffsetCommitRequest>(version, hex);
        Assert.Equal(("xt", "g", 7L, (short)3), (request.TransactionalId, request.GroupId, request.ProducerId, request.ProducerEpoch));
        Assert.Equal((generation, memberId, version == 3 ? "i" : null), (request.Generation, request.MemberId, request.GroupInstanceId));
        Assert.Equal(new OffsetCommitRequest.Partition(0, 9, -1, null), request.Topics[0].Partitions[0]);
    }

    [Fact]
    public void Requests_cut_short_anywhere_are_refused()
    {
        AssertWhole<InitProducerIdRequest>(4, InitV4);
        AssertWhole<AddPartitionsToTxnRequest>(3, AddPartitionsV3);
        AssertWhole<TxnOffsetCommitRequest>(3, OffsetsV3);

        static void AssertWhole<T>(short version, string hex)
            where T : IRequest<T>
        {
            for (var length = 0; length < hex.Length; length += 2)
            {
                Assert.Throws<MalformedRequestException>(() => Decode<T>(version, hex[..length]));
            }
        }
    }

    private static T Decode<T>(short version, string hex)
        where T : IRequest<T>
    {
        var reader = new WireReader(Convert.FromHexString(hex), version, T.Api.IsFlexible(version));
        var request = T.Read(ref reader);
        Assert.Equal(0, reader.Remaining);
        return request;
    }
}
