using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Xunit;

namespace Streaming.Aggregator.Tests.Consuming;

/// <summary>A record arrives beyond the offset that is to be read next: a position that the client lost, or a hole in the log.</summary>
public sealed class JumpTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public void Jump_soon_after_the_assignment_claims_anew_and_is_accepted_when_it_comes_again()
    {
        var (assignments, partition) = Running(suspectUntil: 100);

        Assert.False(assignments.AcceptsGap(partition, 15));
        Assert.True(partition.IsBroken);
        partition.IsBroken = false;

        Assert.True(assignments.AcceptsGap(partition, 15));
    }

    [Fact]
    public void Nothing_more_is_taken_in_until_the_new_claim()
    {
        var (assignments, partition) = Running(suspectUntil: 100);
        assignments.AcceptsGap(partition, 15);

        Assert.False(assignments.AcceptsGap(partition, 16));
    }

    [Fact]
    public void Hole_in_a_log_that_has_been_read_for_a_while_is_accepted_at_once()
    {
        var (assignments, partition) = Running(suspectUntil: 100);
        _clock.Now = 100;

        Assert.True(assignments.AcceptsGap(partition, 15));
        Assert.False(partition.IsBroken);
    }

    [Fact]
    public void Marker_of_a_transaction_is_no_jump()
    {
        var (assignments, partition) = Running(suspectUntil: 100, SalesByCountry.Define());

        Assert.True(assignments.AcceptsGap(partition, 11));
        Assert.False(partition.IsBroken);
        Assert.False(assignments.AcceptsGap(partition, 15));
    }

    private (Assignments Assignments, AssignedPartition Partition) Running(long suspectUntil, PipelineDefinition? definition = null)
    {
        var pipeline = definition ?? SalesByStore.Define();
        var known = new KnownKeys();
        // The claimer is not asked: claiming anew is another step.
        var assignments = new Assignments(pipeline, new AggregatorOptions(), null!, known, new ConsumptionStatus(), new Mailbox(), _clock, NullLogger.Instance);
        var claim = new Claim(new InputPartition(pipeline.Name, 1, Guid.NewGuid(), "sales", 0), 1, 10, null, [], IsNew: true);
        return (assignments, new AssignedPartition(new TopicPartition("sales", 0)) { Reader = new PartitionReader(pipeline, claim, known), SuspectUntil = suspectUntil });
    }

    private sealed class HandClock : TimeProvider
    {
        public long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
