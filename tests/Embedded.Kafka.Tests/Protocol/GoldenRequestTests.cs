using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Protocol;

/// <summary>Bytes of requests laid out by hand from the protocol's description, old and flexible versions; every byte must be used.</summary>
public sealed class GoldenRequestTests
{
    [Theory]
    [InlineData(0, "00000000", null)] // all topics
    [InlineData(1, "FFFFFFFF", null)] // all topics
    [InlineData(1, "00000000", 0)] // none
    [InlineData(4, "00000001" + "000174" + "00", 1)]
    [InlineData(9, "02" + "0274" + "00" + "01" + "00" + "00" + "00", 1)]
    [InlineData(12, "02" + "00000000000000000000000000000001" + "00" + "00" + "01" + "00" + "00", 1)] // by id, without a name
    public void Metadata(short version, string hex, int? topics) =>
        Assert.Equal(topics, Decode<MetadataRequest>(version, hex).Topics?.Count);

    [Fact]
    public void Produce_keeps_the_records_as_a_view_into_the_frame()
    {
        var request = Decode<ProduceRequest>(9, "00" + "FFFF" + "000003E8" + "02" + "0274" + "02" + "00000005" + "04" + "AABBCC" + "00" + "00" + "00");
        Assert.Equal((-1, null), (request.Acks, request.TransactionalId));
        Assert.Equal((5, "AABBCC"), (request.Topics[0].Partitions[0].Index, Convert.ToHexString(request.Topics[0].Partitions[0].Records.Span)));
    }

    [Fact]
    public void Fetch_by_topic_id()
    {
        var request = Decode<FetchRequest>(
            16, "000001F4" + "00000001" + "00100000" + "01" + "00000000" + "FFFFFFFF" + "02" + "000000000000000000000000000000FF" + "02" + "00000002" + "00000000"
            + "0000000000000007" + "FFFFFFFF" + "FFFFFFFFFFFFFFFF" + "00001000" + "00" + "00" + "01" + "01" + "00");
        Assert.Equal((500, 1, 1 << 20), (request.MaxWaitMs, request.MinBytes, request.MaxBytes));
        Assert.Equal((new Guid("00000000-0000-0000-0000-0000000000ff"), null), (request.Topics[0].Id, request.Topics[0].Name));
        Assert.Equal(new FetchRequest.Partition(2, 0, 7, 4096), request.Topics[0].Partitions[0]);
    }

    [Fact]
    public void Fetch_by_name_before_sessions()
    {
        var request = Decode<FetchRequest>(
            4, "FFFFFFFF" + "00000064" + "00000001" + "00001000" + "00" + "00000001" + "000174" + "00000001" + "00000000" + "0000000000000003" + "00000800");
        Assert.Equal(("t", new FetchRequest.Partition(0, -1, 3, 2048)), (request.Topics[0].Name, request.Topics[0].Partitions[0]));
    }

    [Theory]
    [InlineData(0, "000167" + "00001770" + "0000" + "0008636F6E73756D6572" + "00000001" + "000572616E6765" + "00000001" + "AA", 6000)]
    [InlineData(5, "000167" + "00001770" + "000493E0" + "0000" + "FFFF" + "0008636F6E73756D6572" + "00000001" + "000572616E6765" + "00000001" + "AA", 300_000)]
    [InlineData(9, "0267" + "00001770" + "000493E0" + "01" + "00" + "09636F6E73756D6572" + "02" + "0672616E6765" + "02AA" + "00" + "00" + "00", 300_000)]
    public void Join_group(short version, string hex, int rebalanceTimeoutMs)
    {
        var request = Decode<JoinGroupRequest>(version, hex);
        Assert.Equal(("g", 6000, rebalanceTimeoutMs, "", "consumer"),
            (request.GroupId, request.SessionTimeoutMs, request.RebalanceTimeoutMs, request.MemberId, request.ProtocolType));
        Assert.Equal(("range", "AA"), (request.Protocols[0].Name, Convert.ToHexString(request.Protocols[0].Metadata)));
    }

    [Theory]
    [InlineData(2, "000167" + "00000003" + "00016D" + "FFFFFFFFFFFFFFFF" + "00000001" + "000174" + "00000001" + "00000000" + "0000000000000009" + "FFFF", -1)]
    [InlineData(8, "0267" + "00000003" + "026D" + "00" + "02" + "0274" + "02" + "00000000" + "0000000000000009" + "00000000" + "00" + "00" + "00" + "00", 0)]
    public void Offset_commit(short version, string hex, int leaderEpoch)
    {
        var request = Decode<OffsetCommitRequest>(version, hex);
        Assert.Equal(("g", 3, "m"), (request.GroupId, request.Generation, request.MemberId));
        Assert.Equal(new OffsetCommitRequest.Partition(0, 9, leaderEpoch, null), request.Topics[0].Partitions[0]);
    }

    [Fact]
    public void Requests_cut_short_anywhere_are_refused()
    {
        const string Whole = "0267" + "00001770" + "000493E0" + "01" + "00" + "09636F6E73756D6572" + "02" + "0672616E6765" + "02AA" + "00" + "00" + "00";
        for (var length = 0; length < Whole.Length; length += 2)
        {
            Assert.Throws<MalformedRequestException>(() => Decode<JoinGroupRequest>(9, Whole[..length]));
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
