using Streaming.Embedded.Kafka.Groups;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Groups;

public sealed class OffsetStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string JournalPath => _folder.File("group-offsets");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_committed_last_is_there_after_a_restart()
    {
        using (var store = new OffsetStore(JournalPath, fsync: false))
        {
            Commit(store, "g", "t", 0, 5, "note");
            Commit(store, "g", "t", 0, 9, null);
            Commit(store, "other", "t", 1, 3, "");
            store.Delete("other", [new TopicPartition("t", 1)]);
        }

        using var reopened = new OffsetStore(JournalPath, fsync: false);
        Assert.Equal(new CommittedOffset(9, 0, null), reopened.Of("g")[new TopicPartition("t", 0)]);
        Assert.Equal(["g"], reopened.Groups);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public void A_torn_end_is_cut_off_and_the_file_goes_on(int missing)
    {
        using (var store = new OffsetStore(JournalPath, fsync: true))
        {
            Commit(store, "g", "t", 0, 1, null);
            Commit(store, "g", "t", 0, 2, null);
        }

        using (var file = File.OpenWrite(JournalPath))
        {
            file.SetLength(file.Length - missing);
        }

        using (var torn = new OffsetStore(JournalPath, fsync: false))
        {
            Assert.Equal(1, torn.Of("g")[new TopicPartition("t", 0)].NextOffset);
            Commit(torn, "g", "t", 0, 3, null);
        }

        using var reopened = new OffsetStore(JournalPath, fsync: false);
        Assert.Equal(3, reopened.Of("g")[new TopicPartition("t", 0)].NextOffset);
    }

    [Fact]
    public void The_journal_stays_small_however_often_is_committed()
    {
        using (var store = new OffsetStore(JournalPath, fsync: false))
        {
            for (var i = 0; i < 200_000; i++)
            {
                Commit(store, "g", "t", i % 10, i, null);
            }
        }

        Assert.InRange(new FileInfo(JournalPath).Length, 0, 5 << 20);
        using var reopened = new OffsetStore(JournalPath, fsync: false);
        Assert.Equal(199_999, reopened.Of("g")[new TopicPartition("t", 9)].NextOffset);
        Assert.Equal(10, reopened.Of("g").Count);
    }

    [Fact]
    public void Offsets_of_topics_that_are_no_more_go_at_the_start()
    {
        using var store = new OffsetStore(JournalPath, fsync: false);
        Commit(store, "g", "kept", 0, 1, null);
        Commit(store, "g", "gone", 0, 1, null);
        store.KeepTopics(name => name == "kept");
        Assert.Equal("kept", store.Of("g").Keys.Single().Topic);
    }

    private static void Commit(OffsetStore store, string group, string topic, int partition, long offset, string? metadata) =>
        store.Commit(group, [new(new TopicPartition(topic, partition), new CommittedOffset(offset, 0, metadata))]);
}
