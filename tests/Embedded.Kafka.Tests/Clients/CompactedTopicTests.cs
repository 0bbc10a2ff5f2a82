using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Embedded.Kafka.Tests.Clients;

/// <summary>Compacted topics as real clients see them: batches that the broker has packed anew are unpacked by librdkafka.</summary>
public sealed class CompactedTopicTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-kafka-").FullName;
    private KafkaBroker _broker = null!;

    public async Task InitializeAsync() =>
        _broker = await KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder, CleanerInterval = TimeSpan.FromMilliseconds(50) });

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    public async Task A_client_reads_what_a_cleaning_left_of_its_compressed_batches(CompressionType compression)
    {
        const int count = 4_000;
        await CreateAsync(new() { ["cleanup.policy"] = "compact", ["min.cleanable.dirty.ratio"] = "0", ["segment.ms"] = "500" });
        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = _broker.BootstrapServers,
            CompressionType = compression,
            LingerMs = 200,
            BatchNumMessages = 1_000,
            Acks = Acks.All,
        }).Build())
        {
            // Every fourth record has a key of its own; the others share ten keys.
            await Task.WhenAll(Enumerable.Range(0, count).Select(i => producer.ProduceAsync("t", new Message<string, string>
            {
                Key = i % 4 == 0 ? $"own-{i}" : $"shared-{i % 10}",
                Value = $"the same words over and over, {i % 7}, and a number: {i} {new string('x', i % 300)}",
            })));
        }

        List<ConsumeResult<string, string>> records = [];
        await Eventually.IsTrueAsync(() => (records = ReadAll(count)).Count < count / 2, "the topic is compacted");

        Assert.Equal(count / 4, records.Count(record => record.Message.Key.StartsWith("own", StringComparison.Ordinal)));
        Assert.All(records, record => Assert.Contains($"a number: {record.Offset.Value} ", record.Message.Value, StringComparison.Ordinal));
        Assert.Equal(records.Select(record => record.Message.Key).Distinct().Count(), records.Count);
    }

    [Fact]
    public async Task Every_topic_configuration_of_Kafka_can_be_set_and_is_described_and_an_unknown_one_is_refused()
    {
        var wanted = new Dictionary<string, string>
        {
            ["cleanup.policy"] = "compact,delete",
            ["compression.gzip.level"] = "9",
            ["compression.lz4.level"] = "1",
            ["compression.type"] = "lz4",
            ["compression.zstd.level"] = "-5",
            ["delete.retention.ms"] = "1",
            ["file.delete.delay.ms"] = "1",
            ["flush.messages"] = "1",
            ["flush.ms"] = "1",
            ["follower.replication.throttled.replicas"] = "*",
            ["index.interval.bytes"] = "1",
            ["leader.replication.throttled.replicas"] = "0:1,1:1",
            ["local.retention.bytes"] = "-2",
            ["local.retention.ms"] = "-2",
            ["max.compaction.lag.ms"] = "2",
            ["max.message.bytes"] = "1000",
            ["message.timestamp.after.max.ms"] = "1",
            ["message.timestamp.before.max.ms"] = "1",
            ["message.timestamp.type"] = "LogAppendTime",
            ["min.cleanable.dirty.ratio"] = "0.25",
            ["min.compaction.lag.ms"] = "1",
            ["min.insync.replicas"] = "2",
            ["preallocate"] = "true",
            ["remote.log.copy.disable"] = "true",
            ["remote.log.delete.on.disable"] = "true",
            ["remote.storage.enable"] = "false",
            ["retention.bytes"] = "1",
            ["retention.ms"] = "1",
            ["segment.bytes"] = "1048576",
            ["segment.index.bytes"] = "4",
            ["segment.jitter.ms"] = "1",
            ["segment.ms"] = "1",
            ["unclean.leader.election.enable"] = "true",
        };
        await CreateAsync(wanted);
        using var admin = NewAdmin();

        var described = (await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "t" }])).Single().Entries;

        Assert.Equal(wanted, described.ToDictionary(entry => entry.Key, entry => entry.Value.Value));
        var error = await Assert.ThrowsAsync<CreateTopicsException>(
            () => admin.CreateTopicsAsync([new TopicSpecification { Name = "other", Configs = new() { ["message.format.version"] = "2.8" } }]));
        Assert.Equal(ErrorCode.InvalidConfig, error.Results.Single().Error.Code);
        Assert.Contains("message.format.version=2.8", error.Results.Single().Error.Reason, StringComparison.Ordinal);
    }

    private IAdminClient NewAdmin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.BootstrapServers }).Build();

    private async Task CreateAsync(Dictionary<string, string> configs)
    {
        using var admin = NewAdmin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 1, Configs = configs }]);
    }

    // From the beginning to the end, which is known.
    private List<ConsumeResult<string, string>> ReadAll(int end)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = _broker.BootstrapServers,
            GroupId = "g",
            EnablePartitionEof = true,
            EnableAutoCommit = false,
            FetchQueueBackoffMs = 1,
            CheckCrcs = true,
        };
        using var consumer = new ConsumerBuilder<string, string>(config).Build();
        consumer.Assign(new TopicPartitionOffset("t", 0, Offset.Beginning));
        var records = new List<ConsumeResult<string, string>>();
        while (consumer.Consume(TimeSpan.FromSeconds(20)) is { } result)
        {
            if (result.IsPartitionEOF)
            {
                Assert.Equal(end, result.Offset.Value);
                return records;
            }
            records.Add(result);
        }
        throw new TimeoutException($"No end of partition after {records.Count} records.");
    }
}
