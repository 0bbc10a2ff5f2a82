using Streaming.Aggregator.Outbox;
using Xunit;

namespace Streaming.Aggregator.Tests.Outbox;

public sealed class RelayBatchTests
{
    private static readonly OutboxPartition A = new(1, Guid.Empty, 0);
    private static readonly OutboxPartition B = new(1, Guid.Empty, 1);

    [Fact]
    public void Rows_at_or_before_the_cursor_are_passed_over()
    {
        var batch = RelayBatch.Plan([Row(A, 1), Row(A, 2), Row(A, 3), Row(B, 1)], Cursors((A, 2)), Suspects());

        Assert.Equal([(A, 3), (B, 1)], Numbers(batch));
        Assert.Equal(Cursors((A, 3), (B, 1)), batch.Cursors);
    }

    [Fact]
    public void Nothing_new_is_an_empty_batch() => Assert.True(RelayBatch.Plan([Row(A, 1)], Cursors((A, 1)), Suspects()).IsEmpty);

    [Fact]
    public void Parked_row_moves_the_cursor_and_is_not_sent()
    {
        var batch = RelayBatch.Plan([Row(A, 1), Row(A, 2) with { IsParked = true }, Row(A, 3)], Cursors(), Suspects());

        Assert.Equal([(A, 1), (A, 3)], Numbers(batch));
        Assert.Equal(Cursors((A, 3)), batch.Cursors);
    }

    [Fact]
    public void Suspect_holds_up_its_own_partition_only()
    {
        var batch = RelayBatch.Plan([Row(A, 1), Row(A, 2), Row(A, 3), Row(B, 1)], Cursors(), Suspects((A, 2)));

        Assert.Equal([(A, 1), (B, 1)], Numbers(batch));
    }

    [Fact]
    public void Suspect_that_is_next_travels_alone()
    {
        var batch = RelayBatch.Plan([Row(A, 2), Row(A, 3), Row(B, 1)], Cursors((A, 1)), Suspects((A, 2), (B, 1)));

        Assert.Equal([(A, 2)], Numbers(batch));
        Assert.Equal(Cursors((A, 2)), batch.Cursors);
    }

    [Fact]
    public void Missing_row_stops() =>
        Assert.Throws<RelayStoppedException>(() => RelayBatch.Plan([Row(A, 3)], Cursors((A, 1)), Suspects()));

    [Fact]
    public void Cursor_between_what_is_gone_and_what_was_given_is_no_contradiction()
    {
        Assert.Empty(CursorCheck.Contradictions(Cursors((A, 5)), [new(A, 5, 5), new(B, 0, 3)]));
        Assert.Empty(CursorCheck.Contradictions(Cursors((A, 5)), [new(A, 3, 9)]));
        Assert.Equal(A, Assert.Single(CursorCheck.Contradictions(Cursors((A, 5)), [new(A, 6, 9), new(B, 0, 0)])).Partition);
        Assert.Equal(A, Assert.Single(CursorCheck.Contradictions(Cursors((A, 5)), [new(A, 2, 4)])).Partition);
        Assert.Equal(B, Assert.Single(CursorCheck.Contradictions(Cursors((A, 5)), [new(B, 1, 1)])).Partition);
    }

    [Fact]
    public void Cursor_is_read_as_it_was_written_and_only_by_its_own_pipeline_and_installation()
    {
        var installation = Guid.NewGuid();
        var codec = new CursorCodec(installation, "sales");
        CursorCodec[] others = [new(installation, "sales-2"), new(installation, "sale"), new(Guid.NewGuid(), "sales")];
        var cursors = new Dictionary<OutboxPartition, long>();
        foreach (var other in others)
        {
            codec.Apply(other.Key(A), CursorCodec.Value(1), cursors);
        }

        Assert.Empty(cursors);
        codec.Apply(codec.Key(A), CursorCodec.Value(long.MaxValue), cursors);
        Assert.Equal(Cursors((A, long.MaxValue)), cursors);
        codec.Apply(codec.Key(A), null, cursors);
        Assert.Empty(cursors);
        Assert.Throws<RelayStoppedException>(() => codec.Apply(codec.Key(A), "x"u8.ToArray(), cursors));
    }

    private static RelayRow Row(OutboxPartition partition, long seq) => new(partition, seq, new("t", null, null, null));

    private static Dictionary<OutboxPartition, long> Cursors(params (OutboxPartition Partition, long Seq)[] cursors) => cursors.ToDictionary(c => c.Partition, c => c.Seq);

    private static HashSet<(OutboxPartition, long)> Suspects(params (OutboxPartition, long)[] rows) => [.. rows];

    private static IEnumerable<(OutboxPartition, long)> Numbers(RelayBatch batch) => batch.Rows.Select(row => (row.Partition, row.Seq));
}
