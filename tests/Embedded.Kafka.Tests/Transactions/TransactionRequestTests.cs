using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

/// <summary>The requests as they lie on the wire, in old and new versions.</summary>
public sealed class TransactionRequestTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 3, 3)]
    public async Task A_whole_transaction_in_every_version(short init, short other, short offsets)
    {
        var (topic, group) = (await broker.NewTopicAsync(), broker.NewName("group"));
        using var client = await ConnectAsync();
        Assert.Equal(ErrorCode.None, await client.InitAsync(init));
        Assert.Equal([ErrorCode.None], await client.AddAsync(topic, [0], other));
        Assert.Equal(ErrorCode.None, await client.ProduceAsync(topic, 0));
        Assert.Equal(ErrorCode.None, await client.AddOffsetsAsync(group, other));
        Assert.Equal(ErrorCode.None, await client.CommitOffsetAsync(group, topic, 5, offsets));
        Assert.Equal(ErrorCode.None, await client.EndAsync(commit: true, other));
        Assert.Equal((5, ErrorCode.None), await client.FetchOffsetAsync(group, topic, requireStable: true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_fenced_producer_is_told_by_the_name_that_its_version_knows(short version)
    {
        var expected = version == 1 ? ErrorCode.InvalidProducerEpoch : ErrorCode.ProducerFenced;
        var topic = await broker.NewTopicAsync();
        using var client = await ConnectAsync();
        await client.InitAsync();
        await client.InitAsync(2); // names no epoch: a new instance
        await client.AddAsync(topic, [0]);
        client.Epoch--;
        Assert.Equal([expected], await client.AddAsync(topic, [0], version));
        Assert.Equal(expected, await client.AddOffsetsAsync("g", version));
        Assert.Equal(expected, await client.EndAsync(commit: true, version));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await client.CommitOffsetAsync("g", topic, 1));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await client.ProduceAsync(topic, 0));
        Assert.Equal(expected, await client.InitAsync((short)(version + 2)));
    }

    [Fact]
    public async Task Records_are_taken_only_into_a_transaction_that_has_the_partition()
    {
        var topic = await broker.NewTopicAsync();
        using var client = await ConnectAsync();
        await client.InitAsync();
        Assert.Equal(ErrorCode.InvalidTxnState, await client.ProduceAsync(topic, 0));
        await client.AddAsync(topic, [0]);
        Assert.Equal(ErrorCode.None, await client.ProduceAsync(topic, 0));
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, await client.ProduceAsync(topic, 1, transactionalId: null));
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, await client.ProduceAsync(topic, 1, transactionalId: "nobody's"));
        Assert.Equal(ErrorCode.InvalidTxnState, await client.ProduceAsync(topic, 1, isTransactional: false));
        Assert.Equal(ErrorCode.None, await client.EndAsync(commit: true));
        Assert.Equal(ErrorCode.InvalidTxnState, await client.ProduceAsync(topic, 1));
    }

    [Fact]
    public async Task One_unknown_partition_keeps_all_of_a_request_out()
    {
        var topic = await broker.NewTopicAsync();
        using var client = await ConnectAsync();
        await client.InitAsync();
        Assert.Equal([ErrorCode.OperationNotAttempted, ErrorCode.UnknownTopicOrPartition], await client.AddAsync(topic, [0, 1]));
        Assert.Equal(ErrorCode.InvalidTxnState, await client.ProduceAsync(topic, 0));
    }

    [Fact]
    public async Task Pending_offsets_are_seen_after_the_commit_only_and_who_asks_for_stable_ones_is_told_to_wait()
    {
        var (topic, group) = (await broker.NewTopicAsync(), broker.NewName("group"));
        using var client = await ConnectAsync();
        await client.InitAsync();
        Assert.Equal(ErrorCode.InvalidTxnState, await client.CommitOffsetAsync(group, topic, 1));
        foreach (var (offset, commit, visible) in new[] { (3, true, 3L), (9, false, 3L) })
        {
            var before = await client.FetchOffsetAsync(group, topic, requireStable: false);
            Assert.Equal(ErrorCode.None, await client.AddOffsetsAsync(group));
            Assert.Equal(ErrorCode.None, await client.CommitOffsetAsync(group, topic, offset));
            Assert.Equal((-1, ErrorCode.UnstableOffsetCommit), await client.FetchOffsetAsync(group, topic, requireStable: true));
            Assert.Equal(before, await client.FetchOffsetAsync(group, topic, requireStable: false));
            Assert.Equal(ErrorCode.None, await client.EndAsync(commit));
            Assert.Equal((visible, ErrorCode.None), await client.FetchOffsetAsync(group, topic, requireStable: true));
        }
    }

    [Fact]
    public async Task Offsets_for_a_generation_that_nobody_knows_are_refused()
    {
        var (topic, group) = (await broker.NewTopicAsync(), broker.NewName("group"));
        using var client = await ConnectAsync();
        await client.InitAsync();
        await client.AddOffsetsAsync(group);
        Assert.Equal(ErrorCode.IllegalGeneration, await client.CommitOffsetAsync(group, topic, 1, generation: 4, memberId: "m"));
        Assert.Equal((-1, ErrorCode.None), await client.FetchOffsetAsync(group, topic, requireStable: true));
    }

    [Fact]
    public async Task A_topic_that_is_deleted_in_the_middle_does_not_hold_up_the_commit()
    {
        var (topic, other, group) = (await broker.NewTopicAsync(), await broker.NewTopicAsync(), broker.NewName("group"));
        using var client = await ConnectAsync();
        await client.InitAsync();
        await client.AddAsync(topic, [0]);
        await client.ProduceAsync(topic, 0);
        await client.AddOffsetsAsync(group);
        await client.CommitOffsetAsync(group, topic, 3);
        await client.CommitOffsetAsync(group, other, 4);
        using (var admin = broker.NewAdmin())
        {
            await admin.DeleteTopicsAsync([topic]);
        }

        Assert.Equal(ErrorCode.None, await client.EndAsync(commit: true));
        Assert.Equal((-1, ErrorCode.None), await client.FetchOffsetAsync(group, topic, requireStable: true));
        Assert.Equal((4, ErrorCode.None), await client.FetchOffsetAsync(group, other, requireStable: true));
    }

    [Fact]
    public async Task A_group_that_is_deleted_in_the_middle_takes_its_pending_offsets_with_it()
    {
        var (topic, group) = (await broker.NewTopicAsync(), broker.NewName("group"));
        using var client = await ConnectAsync();
        await client.InitAsync();
        await client.AddOffsetsAsync(group);
        await client.CommitOffsetAsync(group, topic, 3);
        using (var admin = broker.NewAdmin())
        {
            await admin.DeleteGroupsAsync([group]);
        }

        Assert.Equal((-1, ErrorCode.None), await client.FetchOffsetAsync(group, topic, requireStable: true));
        Assert.Equal(ErrorCode.None, await client.EndAsync(commit: true));
        Assert.Equal((-1, ErrorCode.None), await client.FetchOffsetAsync(group, topic, requireStable: true));
    }

    [Fact]
    public async Task A_timeout_above_the_brokers_is_refused()
    {
        using var client = await ConnectAsync();
        Assert.Equal(ErrorCode.InvalidTransactionTimeout, await client.InitAsync(timeoutMs: 900_001));
        Assert.Equal(ErrorCode.InvalidTransactionTimeout, await client.InitAsync(timeoutMs: 0));
        Assert.Equal(ErrorCode.None, await client.InitAsync(timeoutMs: 900_000));
    }

    private Task<TransactionWireClient> ConnectAsync() => TransactionWireClient.ConnectAsync(broker.Servers, broker.NewName("tx"));
}
