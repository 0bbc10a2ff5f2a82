using Streaming.Embedded.Kafka.Groups;
using Streaming.Embedded.Kafka.Transactions;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

public sealed class TransactionStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string JournalPath => _folder.File("transactions");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(40)]
    public void A_torn_end_is_cut_off_and_what_was_told_before_is_there(int missing)
    {
        using (var store = new TransactionStore(JournalPath, fsync: true))
        {
            store.Save("tx", Begun(1));
            store.Save("tx", Begun(2));
        }

        using (var file = File.OpenWrite(JournalPath))
        {
            file.SetLength(file.Length - missing);
        }

        using (var torn = new TransactionStore(JournalPath, fsync: false))
        {
            Assert.Equal(1, torn.All().Single().Value.Producer.Id);
            torn.Save("tx", Begun(3));
        }

        using var reopened = new TransactionStore(JournalPath, fsync: false);
        Assert.Equal(3, reopened.All().Single().Value.Producer.Id);
    }

    [Fact]
    public void A_transaction_that_grows_writes_only_what_is_new()
    {
        var state = Begun(1) with { Phase = TransactionPhase.Ongoing, StartedAt = DateTimeOffset.UnixEpoch };
        using (var store = new TransactionStore(JournalPath, fsync: false))
        {
            for (var i = 0; i < 2_000; i++)
            {
                state = state with { Partitions = state.Partitions.Add(new TopicPartition("a-topic", i)) };
                store.Save("tx", state);
            }

            store.Save("tx", state with { Phase = TransactionPhase.PrepareCommit });
            Assert.Equal(2_000, store.Weight);
        }

        Assert.InRange(new FileInfo(JournalPath).Length, 0, 2_001 * 110);
        using var reopened = new TransactionStore(JournalPath, fsync: false);
        Assert.Equal((TransactionPhase.PrepareCommit, 2_000), (reopened.All().Single().Value.Phase, reopened.All().Single().Value.Partitions.Count));
        Assert.Equal(2_000, reopened.Weight);
    }

    [Fact]
    public void The_journal_stays_small_however_many_transactions_there_are()
    {
        using (var store = new TransactionStore(JournalPath, fsync: false))
        {
            var ongoing = Begun(5) with { Phase = TransactionPhase.Ongoing, Partitions = [new TopicPartition("t", 4)], Groups = ["g"] };
            for (var i = 0; i < 60_000; i++)
            {
                store.Save($"tx-{i % 10}", ongoing);
                store.Save($"tx-{i % 10}", Begun(i));
            }

            store.Save("tx-0", ongoing);
        }

        Assert.InRange(new FileInfo(JournalPath).Length, 0, 5 << 20);
        using var reopened = new TransactionStore(JournalPath, fsync: false);
        Assert.Equal(10, reopened.All().Count);
        Assert.Equal(["g"], reopened.All().Single(s => s.Key == "tx-0").Value.Groups);
        Assert.Equal(59_999, reopened.All().Single(s => s.Key == "tx-9").Value.Producer.Id);
    }

    [Fact]
    public void What_is_forgotten_stays_forgotten()
    {
        using (var store = new TransactionStore(JournalPath, fsync: false))
        {
            store.Save("tx", Begun(1));
            store.Forget("tx");
        }

        using var reopened = new TransactionStore(JournalPath, fsync: false);
        Assert.Empty(reopened.All());
    }

    private static TransactionState Begun(long producerId) => TransactionState.Begin(producerId, TimeSpan.FromMinutes(1), DateTimeOffset.UnixEpoch);
}
