using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Clients;

public sealed class GroupTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task A_second_consumer_takes_half_of_the_partitions_and_gives_them_back_when_it_leaves(PartitionAssignmentStrategy strategy)
    {
        var topic = await broker.NewTopicAsync(partitions: 4);
        var group = broker.NewName("group");
        await using var first = new GroupReader(broker, topic, group, strategy);
        await Eventually.IsTrueAsync(() => first.Assigned == 4, "the first consumer has all partitions");
        await using (var second = new GroupReader(broker, topic, group, strategy))
        {
            await Eventually.IsTrueAsync(() => (first.Assigned, second.Assigned) == (2, 2), "both have half of the partitions");
            using var producer = broker.NewProducer();
            for (var partition = 0; partition < 4; partition++)
            {
                await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<string, string> { Value = $"{partition}" });
            }

            await Eventually.IsTrueAsync(() => first.Values.Count + second.Values.Count == 4, "every record has been read once");
            Assert.Equal(["0", "1", "2", "3"], first.Values.Concat(second.Values).Order());
        }

        await Eventually.IsTrueAsync(() => first.Assigned == 4, "the first consumer has all partitions again");
    }

    [Fact]
    public async Task A_consumer_resumes_where_its_group_has_committed()
    {
        var topic = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        using var producer = broker.NewProducer();
        await producer.ProduceManyAsync(topic, 20);
        using (var consumer = broker.NewConsumer(group).Build())
        {
            consumer.Subscribe(topic);
            consumer.Commit(consumer.Take(8)[^1]);
            consumer.Close();
        }

        using var resumed = broker.NewConsumer(group).Build();
        resumed.Subscribe(topic);
        Assert.Equal("8", resumed.Take(1).Single().Message.Value);
        Assert.Equal(8, resumed.Committed([new TopicPartition(topic, 0)], TimeSpan.FromSeconds(10)).Single().Offset.Value);
        resumed.Close();
    }

    [Fact]
    public async Task A_simple_consumer_commits_without_being_a_member()
    {
        var topic = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        using var consumer = broker.NewConsumer(group).Build();
        var position = new TopicPartitionOffset(topic, 0, 7);
        consumer.Commit([position]);
        Assert.Equal(7, consumer.Committed([position.TopicPartition], TimeSpan.FromSeconds(10)).Single().Offset.Value);
    }

    [Fact]
    public async Task A_static_member_that_comes_back_keeps_its_partitions_without_a_rebalance()
    {
        var topic = await broker.NewTopicAsync(partitions: 2);
        var group = broker.NewName("group");
        await using var other = new GroupReader(broker, topic, group, PartitionAssignmentStrategy.Range, "b");
        await using (var first = new GroupReader(broker, topic, group, PartitionAssignmentStrategy.Range, "a"))
        {
            await Eventually.IsTrueAsync(() => (first.Assigned, other.Assigned) == (1, 1), "both have a partition");
        }

        var rebalances = other.Rebalances;
        await using var again = new GroupReader(broker, topic, group, PartitionAssignmentStrategy.Range, "a");
        await Eventually.IsTrueAsync(() => again.Assigned == 1, "the member has its partition again");
        Assert.Equal(rebalances, other.Rebalances);
    }

    [Fact]
    public async Task Groups_are_listed_described_and_deleted()
    {
        var topic = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        using var admin = broker.NewAdmin();
        await using (var reader = new GroupReader(broker, topic, group, PartitionAssignmentStrategy.Range))
        {
            await Eventually.IsTrueAsync(() => reader.Assigned == 1, "the consumer has its partition");
            var described = (await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions.Single();
            Assert.Equal(ConsumerGroupState.Stable, described.State);
            Assert.Equal("range", described.PartitionAssignor);
            Assert.Equal(topic, described.Members.Single().Assignment.TopicPartitions.Single().Topic);
            var busy = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([group]));
            Assert.Equal(ErrorCode.NonEmptyGroup, busy.Results.Single().Error.Code);
            reader.CommitOne(topic);
        }

        Assert.Contains((await admin.ListConsumerGroupsAsync()).Valid, g => g.GroupId == group && g.State == ConsumerGroupState.Empty);
        await admin.DeleteGroupsAsync([group]);
        Assert.DoesNotContain((await admin.ListConsumerGroupsAsync()).Valid, g => g.GroupId == group);
    }

    [Fact]
    public async Task Offsets_go_with_their_topic_or_on_request()
    {
        var kept = await broker.NewTopicAsync();
        var gone = await broker.NewTopicAsync();
        var group = broker.NewName("group");
        using var admin = broker.NewAdmin();
        using var consumer = broker.NewConsumer(group).Build();
        consumer.Commit([new TopicPartitionOffset(kept, 0, 1), new TopicPartitionOffset(gone, 0, 2)]);
        await admin.DeleteTopicsAsync([gone]);
        Assert.Equal([kept], await CommittedTopicsAsync());

        await admin.DeleteConsumerGroupOffsetsAsync(group, [new TopicPartition(kept, 0)]);
        Assert.Empty(await CommittedTopicsAsync());

        async Task<List<string>> CommittedTopicsAsync() =>
            [.. (await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)])).Single().Partitions.Select(p => p.Topic)];
    }

    /// <summary>A member that reads on a thread of its own until it is disposed.</summary>
    private sealed class GroupReader : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly IConsumer<string, string> _consumer;
        private readonly Task _reading;
        private volatile int _assigned;
        private int _rebalances;

        public GroupReader(BrokerFixture broker, string topic, string group, PartitionAssignmentStrategy strategy, string? instance = null)
        {
            _consumer = broker.NewConsumer(group, c => (c.PartitionAssignmentStrategy, c.GroupInstanceId) = (strategy, instance))
                .SetPartitionsAssignedHandler((_, _) => { Interlocked.Increment(ref _rebalances); })
                .Build();
            _consumer.Subscribe(topic);
            _reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public ConcurrentQueue<string> Values { get; } = new();

        public int Assigned => _assigned;

        public int Rebalances => Volatile.Read(ref _rebalances);

        public void CommitOne(string topic) => _consumer.Commit([new TopicPartitionOffset(topic, 0, 1)]);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _reading;
            _consumer.Close();
            _consumer.Dispose();
            _stop.Dispose();
        }

        private void Read()
        {
            while (!_stop.IsCancellationRequested)
            {
                if (_consumer.Consume(TimeSpan.FromMilliseconds(50)) is { } record)
                {
                    Values.Enqueue(record.Message.Value);
                }

                _assigned = _consumer.Assignment.Count;
            }
        }
    }
}
