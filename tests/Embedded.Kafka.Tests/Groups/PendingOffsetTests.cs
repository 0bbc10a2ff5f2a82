using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Protocol;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Groups;

/// <summary>Offsets that wait for the end of a transaction.</summary>
public sealed class PendingOffsetTests : IDisposable
{
    private static readonly TopicPartition Partition = new("t", 0);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 9)]
    [InlineData(false, 5)]
    public void They_count_when_the_transaction_commits_also_after_a_restart(bool commit, long expected)
    {
        using (var store = Open())
        {
            store.Commit("g", [new(Partition, At(5))]);
            store.CommitPending("g", 1, [new(Partition, At(9))]);
            Assert.Equal(5, store.Of("g")[Partition].NextOffset);
        }

        using (var store = Open())
        {
            Assert.Equal([Partition], store.PendingOf("g"));
            store.EndPending("g", 1, commit);
            store.EndPending("g", 1, !commit); // told again: nothing is pending any more
            Assert.Equal(expected, store.Of("g")[Partition].NextOffset);
        }

        using var reopened = Open();
        Assert.Equal(expected, reopened.Of("g")[Partition].NextOffset);
        Assert.Empty(reopened.PendingOf("g"));
        Assert.Equal(0, reopened.PendingBytes);
    }

    [Fact]
    public void Each_producer_ends_its_own()
    {
        using var store = Open();
        store.CommitPending("g", 1, [new(Partition, At(1))]);
        store.CommitPending("g", 2, [new(new TopicPartition("t", 1), At(2))]);
        store.EndPending("g", 1, committed: true);
        Assert.Equal([Partition], store.Of("g").Keys);
        Assert.Equal([new TopicPartition("t", 1)], store.PendingOf("g"));
    }

    [Fact]
    public void They_go_with_their_topic_their_group_and_their_offset()
    {
        using var store = Open();
        foreach (var remove in new Action[] { () => store.DeleteTopic("t"), () => store.DeleteGroup("g"), () => store.Delete("g", [Partition]) })
        {
            store.CommitPending("g", 1, [new(Partition, new CommittedOffset(1, 0, "a note"))]);
            Assert.True(store.Contains("g"));
            remove();
            Assert.False(store.Contains("g"));
            Assert.Equal(0, store.PendingBytes);
            store.EndPending("g", 1, committed: true);
            Assert.Empty(store.Of("g"));
        }
    }

    [Fact]
    public void Those_whose_transaction_nobody_knows_are_dropped_at_the_start()
    {
        using var store = Open();
        store.CommitPending("g", 1, [new(Partition, At(1))]);
        store.CommitPending("g", 2, [new(Partition, At(2))]);
        store.KeepTransactions((_, producerId) => producerId == 2);
        store.EndPending("g", 1, committed: true);
        Assert.Empty(store.Of("g"));
        store.EndPending("g", 2, committed: true);
        Assert.Equal(2, store.Of("g")[Partition].NextOffset);
    }

    [Fact]
    public void They_outlive_the_rewriting_of_the_journal()
    {
        using (var store = Open())
        {
            store.CommitPending("g", 1, [new(Partition, At(77))]);
            for (var i = 0; i < 100_000; i++)
            {
                store.Commit("other", [new(Partition, At(i))]);
            }
        }

        Assert.InRange(new FileInfo(_folder.File("group-offsets")).Length, 0, 5 << 20);
        using var reopened = Open();
        reopened.EndPending("g", 1, committed: true);
        Assert.Equal(77, reopened.Of("g")[Partition].NextOffset);
    }

    [Fact]
    public void A_member_sends_them_in_its_generation_only_and_also_during_a_rebalance()
    {
        var driver = GroupDriver.StableWithTwo();
        Assert.Equal(ErrorCode.None, Check("m1", 1));
        Assert.Equal(ErrorCode.IllegalGeneration, Check("m1", 0));
        Assert.Equal(ErrorCode.UnknownMemberId, Check("zombie", 1));
        driver.Join();
        driver.Join("m1");
        driver.Join("m2");
        Assert.Equal(GroupState.CompletingRebalance, driver.Group.State);
        Assert.Equal(ErrorCode.IllegalGeneration, Check("m1", 1));
        Assert.Equal(ErrorCode.None, Check("m1", 2));

        ErrorCode Check(string member, int generation) => driver.Group.CheckTransactionalCommit(new MemberIdentity(member, null), generation);
    }

    [Fact]
    public void Who_uses_a_static_members_name_under_an_older_id_is_fenced()
    {
        var driver = new GroupDriver();
        driver.Join(instance: "i");
        driver.Sync("m1", 1, ("m1", 1));
        driver.Join(instance: "i");
        Assert.Equal(ErrorCode.FencedInstanceId, driver.Group.CheckTransactionalCommit(new MemberIdentity("m1", "i"), 1));
    }

    [Fact]
    public void A_client_that_does_not_say_who_it_is_is_believed()
    {
        var nobody = new MemberIdentity("", null);
        Assert.Equal(ErrorCode.None, GroupDriver.StableWithTwo().Group.CheckTransactionalCommit(nobody, -1));
        Assert.Equal(ErrorCode.None, new GroupDriver().Group.CheckTransactionalCommit(nobody, -1));
        Assert.Equal(ErrorCode.UnknownMemberId, GroupDriver.StableWithTwo().Group.CheckTransactionalCommit(new MemberIdentity("zombie", null), -1));
    }

    private static CommittedOffset At(long offset) => new(offset, 0, null);

    private OffsetStore Open() => new(_folder.File("group-offsets"), fsync: false);
}
