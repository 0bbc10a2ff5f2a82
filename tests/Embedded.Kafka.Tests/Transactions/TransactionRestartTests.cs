using Streaming.Embedded.Kafka.Protocol;
using Xunit;
using Client = Confluent.Kafka;

namespace Streaming.Embedded.Kafka.Tests.Transactions;

/// <summary>A whole broker with a transaction under way is stopped and started.</summary>
public sealed class TransactionRestartTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_under_way_can_be_ended_after_the_restart()
    {
        var client = await LeaveTransactionAsync();
        await using var broker = await StartAsync();
        using var again = await TransactionWireClient.ConnectAsync(broker.BootstrapServers, "tx");
        (again.ProducerId, again.Epoch) = client;
        Assert.Equal((-1, ErrorCode.UnstableOffsetCommit), await again.FetchOffsetAsync("g", "t", requireStable: true));
        Assert.Equal(ErrorCode.None, await again.EndAsync(commit: true));
        Assert.Equal((3, ErrorCode.None), await again.FetchOffsetAsync("g", "t", requireStable: true));
        Assert.Equal(2, StableEnd(broker));
    }

    [Fact]
    public async Task What_no_transactional_id_has_under_way_is_aborted_at_the_start_and_holds_nobody_up()
    {
        var client = await LeaveTransactionAsync();
        File.Delete(Path.Combine(_folder.Path, "broker", "transactions"));
        await using var broker = await StartAsync();
        using var again = await TransactionWireClient.ConnectAsync(broker.BootstrapServers, "tx");
        Assert.Equal((-1, ErrorCode.None), await again.FetchOffsetAsync("g", "t", requireStable: true));
        Assert.Equal(2, StableEnd(broker)); // the record and the marker
        (again.ProducerId, again.Epoch) = client;
        Assert.Equal(ErrorCode.InvalidProducerIdMapping, await again.EndAsync(commit: true));
    }

    /// <summary>One record and one offset in a transaction that nobody ends.</summary>
    private async Task<(long ProducerId, short Epoch)> LeaveTransactionAsync()
    {
        await using var broker = await StartAsync();
        using (var admin = new Client.AdminClientBuilder(new Client.AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build())
        {
            await admin.CreateTopicsAsync([new Client.Admin.TopicSpecification { Name = "t", NumPartitions = 1 }]);
        }

        using var client = await TransactionWireClient.ConnectAsync(broker.BootstrapServers, "tx");
        await client.InitAsync();
        await client.AddAsync("t", [0]);
        Assert.Equal(ErrorCode.None, await client.ProduceAsync("t", 0));
        await client.AddOffsetsAsync("g");
        Assert.Equal(ErrorCode.None, await client.CommitOffsetAsync("g", "t", 3));
        Assert.Equal(0, StableEnd(broker));
        return (client.ProducerId, client.Epoch);
    }

    private static long StableEnd(KafkaBroker broker)
    {
        using var consumer = new Client.ConsumerBuilder<string, string>(new Client.ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "reader",
            IsolationLevel = Client.IsolationLevel.ReadCommitted,
        }).Build();
        return consumer.QueryWatermarkOffsets(new Client.TopicPartition("t", 0), TimeSpan.FromSeconds(30)).High.Value;
    }

    private Task<KafkaBroker> StartAsync() => KafkaBroker.StartAsync(new BrokerOptions { DataDirectory = _folder.Path });
}
