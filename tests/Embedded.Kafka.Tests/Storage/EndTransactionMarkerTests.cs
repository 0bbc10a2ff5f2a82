using Streaming.Embedded.Kafka.Records;

namespace Streaming.Embedded.Kafka.Tests.Storage;

public class EndTransactionMarkerTests
{
    [Theory]
    [InlineData(true, "00000001")]
    [InlineData(false, "00000000")]
    public void A_marker_is_one_record_in_a_transactional_control_batch(bool commit, string key)
    {
        var batch = new EndTransactionMarker(commit, CoordinatorEpoch: 0x01020304).ToBatch(producerId: 7, producerEpoch: 3, nowMs: 1_000);

        var header = RecordBatchHeader.Read(batch);
        Assert.Equal((78L, (sbyte)2, 1, 0), (header.TotalSize, header.Magic, header.RecordCount, header.LastOffsetDelta));
        Assert.Equal((7L, (short)3, -1), (header.ProducerId, header.ProducerEpoch, header.BaseSequence));
        Assert.Equal((BatchAttributes.Transactional | BatchAttributes.Control, 1_000L, 1_000L), (header.Attributes, header.BaseTimestamp, header.MaxTimestamp));
        Assert.Equal(header.Crc, Crc32C.Compute(batch.AsSpan(RecordBatchHeader.ChecksummedFrom)));
        // length 16, attributes, two deltas, key of 4: version and type; value of 6: version and coordinator epoch; no headers
        Assert.Equal($"2000000008{key}0C00000102030400", Convert.ToHexString(batch.AsSpan(RecordBatchHeader.Size)));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, int.MaxValue)]
    public void What_was_written_is_read(bool commit, int coordinatorEpoch)
    {
        var marker = new EndTransactionMarker(commit, coordinatorEpoch);
        Assert.Equal(marker, EndTransactionMarker.TryRead(marker.ToBatch(1, 0, 0).AsSpan(RecordBatchHeader.Size)));
    }

    [Fact]
    public void Other_control_records_and_broken_ones_are_no_markers()
    {
        var whole = new EndTransactionMarker(IsCommit: true, 1).ToBatch(1, 0, 0)[RecordBatchHeader.Size..];
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(EndTransactionMarker.TryRead(whole.AsSpan(0, length)));
        }
        var leaderChange = (byte[])whole.Clone();
        leaderChange[8] = 2;
        Assert.Null(EndTransactionMarker.TryRead(leaderChange));
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception()
    {
        var random = new Random(20_261_121);
        var whole = new EndTransactionMarker(IsCommit: true, 1).ToBatch(1, 0, 0)[RecordBatchHeader.Size..];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            _ = EndTransactionMarker.TryRead(bytes);
        }
    }
}
