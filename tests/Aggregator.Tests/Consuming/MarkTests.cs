using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Consuming;

/// <summary>Idle marks of one partition between two checkpoints, as when PostgreSQL is away for longer than the idle timeout.</summary>
public sealed class MarkTests
{
    private const long T0 = 1_767_225_600_000;

    [Fact]
    public void A_mark_stays_when_records_and_another_mark_follow_before_the_checkpoint()
    {
        var reader = Reader();
        reader.Mark(T0 + 100_000);
        reader.Read(Sale(offset: 10, T0 + 1_000));
        reader.Mark(T0 + 200_000);

        var change = reader.TakeChange(endOffset: null);

        Assert.Equal([new IdleMark(10, T0 + 100_000), new IdleMark(11, T0 + 200_000)], change.IdleMarks);
        Assert.Equal(1, change.Changes.Counts.Late);
    }

    [Fact]
    public void Of_the_marks_before_one_offset_the_last_is_kept()
    {
        var reader = Reader();
        reader.Mark(T0 + 100_000);
        reader.Mark(T0 + 200_000);

        Assert.Equal([new IdleMark(10, T0 + 200_000)], reader.TakeChange(endOffset: null).IdleMarks);
        Assert.False(reader.HasMoved);
    }

    private static PartitionReader Reader()
    {
        var pipeline = SalesByStore.Define();
        return new PartitionReader(pipeline, new Claim(new InputPartition(pipeline.Name, 1, Guid.NewGuid(), "sales", 0), 1, 10, null, [], IsNew: true), new KnownKeys());
    }

    private static ConsumeResult<byte[], byte[]> Sale(long offset, long timeMs) => new()
    {
        Topic = "sales",
        Partition = 0,
        Offset = offset,
        Message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes("zurich-1"),
            Value = StoreSaleJson.Encode(new StoreSale("zurich-1", 5, timeMs)),
            Timestamp = new Timestamp(timeMs + 500, TimestampType.LogAppendTime),
        },
    };
}
