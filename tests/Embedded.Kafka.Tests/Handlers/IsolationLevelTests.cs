using System.Net;
using Streaming.Embedded.Kafka.Handlers;
using Streaming.Embedded.Kafka.Protocol;
using Streaming.Embedded.Kafka.Protocol.Messages;
using Streaming.Embedded.Kafka.Security;
using Streaming.Embedded.Kafka.Storage;
using Streaming.Embedded.Kafka.Tests.Storage;

namespace Streaming.Embedded.Kafka.Tests.Handlers;

/// <summary>What Fetch and ListOffsets answer while transactions are open. The log: 0 plain, 1 aborted (marker 2), 3 open, 4 plain.</summary>
public sealed class IsolationLevelTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private static readonly RequestContext Context = new(new RequestHeader(ApiKey.Fetch, 4, 1, null), IPAddress.Loopback, new BrokerNode(1, "localhost", 9092), new SaslSession(null));
    private readonly BrokerOptions _options = new() { DataDirectory = "unused" };
    private Stage _stage = null!;
    private TransactionalWriter _open = null!;

    public async Task InitializeAsync()
    {
        _stage = await Stage.WithTopicAsync();
        _open = new TransactionalWriter(_stage, 8);
        var aborted = new TransactionalWriter(_stage, 7);
        _stage.Partition.Append(Batches.At(1_000));
        aborted.Send("aborted");
        aborted.Abort();
        _open.Send("open");
        _stage.Partition.Append(Batches.At(2_000_000));
    }

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Fetch_of_committed_records_ends_at_the_last_stable_offset_and_names_the_aborted_transactions()
    {
        using var response = await FetchAsync(IsolationLevel.ReadCommitted, offset: 0);
        var partition = response.Topics[0].Partitions[0];
        Assert.Equal(new LogBounds(HighWatermark: 5, LastStableOffset: 3, LogStartOffset: 0), partition.Bounds);
        Assert.Equal([(7L, 1L)], partition.Aborted!.Select(aborted => (aborted.ProducerId, aborted.FirstOffset)));
        Assert.Equal([0L, 1, 2], Batches.Offsets(Stage.Bytes(partition.Records!)));
    }

    [Fact]
    public async Task Fetch_of_all_records_goes_to_the_end_and_names_no_transactions()
    {
        using var response = await FetchAsync(IsolationLevel.ReadUncommitted, offset: 0);
        var partition = response.Topics[0].Partitions[0];
        Assert.Null(partition.Aborted);
        Assert.Equal(3, partition.Bounds.LastStableOffset);
        Assert.Equal([0L, 1, 2, 3, 4], Batches.Offsets(Stage.Bytes(partition.Records!)));
    }

    [Theory]
    [InlineData(4, "00000000" + "00000001" + "000174" + "00000001" + "00000000" + "0000" + "0000000000000005" + "0000000000000003"
        + "00000001" + "0000000000000007" + "0000000000000001")]
    [InlineData(12, "00000000" + "0000" + "00000000" + "02" + "0274" + "02" + "00000000" + "0000" + "0000000000000005" + "0000000000000003" + "0000000000000000"
        + "02" + "0000000000000007" + "0000000000000001" + "00" + "FFFFFFFF")]
    public async Task The_answer_is_laid_out_as_the_protocol_says(short version, string untilRecords)
    {
        using var response = await FetchAsync(IsolationLevel.ReadCommitted, offset: 0);
        using var writer = new WireWriter();
        writer.BeginBody(version, FetchRequest.Api.IsFlexible(version));
        response.Write(writer);
        Assert.StartsWith(untilRecords, Convert.ToHexString(writer.Written.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_poll_for_committed_records_wakes_with_the_marker_and_not_with_an_open_transactions_records()
    {
        var waiting = FetchAsync(IsolationLevel.ReadCommitted, offset: 3, maxWaitMs: 60_000);
        _open.Send("more");
        Assert.False(waiting.IsCompleted);
        _open.Commit();

        using var response = await waiting.WaitAsync(Bound);
        Assert.Equal([3L, 4, 5, 6], Batches.Offsets(Stage.Bytes(response.Topics[0].Partitions[0].Records!)));
    }

    [Theory]
    [InlineData((sbyte)IsolationLevel.ReadUncommitted, ListOffsetsRequest.Latest, 5)]
    [InlineData((sbyte)IsolationLevel.ReadCommitted, ListOffsetsRequest.Latest, 3)]
    [InlineData((sbyte)IsolationLevel.ReadUncommitted, 1_999_999, 4)]
    [InlineData((sbyte)IsolationLevel.ReadCommitted, 1_999_999, -1)]
    [InlineData((sbyte)IsolationLevel.ReadCommitted, 1_000, 0)]
    [InlineData((sbyte)IsolationLevel.ReadUncommitted, ListOffsetsRequest.MaxTimestamp, 4)]
    [InlineData((sbyte)IsolationLevel.ReadCommitted, ListOffsetsRequest.MaxTimestamp, -1)]
    [InlineData((sbyte)IsolationLevel.ReadCommitted, ListOffsetsRequest.Earliest, 0)]
    public async Task List_offsets_takes_the_last_stable_offset_for_the_end_of_what_is_committed(sbyte isolation, long timestamp, long expected)
    {
        using var body = new WireWriter();
        body.BeginBody(2, flexible: false);
        body.WriteInt32(-1);
        body.WriteInt8(isolation);
        body.WriteArray(["t"], (w, topic) =>
        {
            w.WriteString(topic);
            w.WriteArray([0], (p, index) =>
            {
                p.WriteInt32(index);
                p.WriteInt64(timestamp);
            });
        });

        var response = (ListOffsetsResponse)(await Handle(new ListOffsetsHandler(_stage.Store), 2, body))!;

        Assert.Equal(expected, response.Topics[0].Partitions[0].Offset);
    }

    [Fact]
    public async Task An_unknown_isolation_level_is_a_malformed_request() =>
        await Assert.ThrowsAsync<MalformedRequestException>(() => FetchAsync((IsolationLevel)2, 0));

    [Fact]
    public async Task A_partition_named_over_and_over_does_not_multiply_the_list_beyond_the_bytes_asked_for()
    {
        for (var id = 100; id < 300; id++)
        {
            _stage.Partition.Append(Batches.Transactional(id, 0, 0, "x"));
        }
        for (var id = 100; id < 300; id++)
        {
            _stage.Partition.AppendMarker(id, 0, commit: false, 0);
        }
        _open.Commit();

        using var response = await FetchAsync(IsolationLevel.ReadCommitted, offset: 210, times: 1_000, maxBytes: 100_000, partitionMaxBytes: 80);

        Assert.InRange(response.Topics[0].Partitions.Sum(partition => partition.Aborted?.Count ?? 0), 100, 4_000);
    }

    private async Task<FetchResponse> FetchAsync(
        IsolationLevel isolation, long offset, int maxWaitMs = 0, int times = 1, int maxBytes = 1 << 20, int partitionMaxBytes = 1 << 20)
    {
        using var body = new WireWriter();
        body.BeginBody(4, flexible: false);
        body.WriteInt32(-1);
        body.WriteInt32(maxWaitMs);
        body.WriteInt32(1);
        body.WriteInt32(maxBytes);
        body.WriteInt8((sbyte)isolation);
        body.WriteArray(["t"], (w, topic) =>
        {
            w.WriteString(topic);
            w.WriteArray([.. Enumerable.Repeat(0, times)], (p, index) =>
            {
                p.WriteInt32(index);
                p.WriteInt64(offset);
                p.WriteInt32(partitionMaxBytes);
            });
        });
        return (FetchResponse)(await Handle(new FetchHandler(_stage.Store, _options, TimeProvider.System), 4, body))!;
    }

    // Not asynchronous itself: a reader lives on the stack.
    private static ValueTask<IResponse?> Handle(RequestHandler handler, short version, WireWriter body)
    {
        var reader = new WireReader(body.Written, version);
        return handler.HandleAsync(ref reader, Context, default);
    }
}
