using System.Diagnostics;
using System.Reflection;
using Confluent.Kafka;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>The broker, as a process of its own, is killed in the middle of a transaction.</summary>
public sealed class KilledInTransactionTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TestFolder _folder = new();
    private Process? _process;

    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_goes_on_after_the_kill_and_ends_as_its_producer_says(bool commit)
    {
        var servers = await StartAsync("127.0.0.1:0");
        using var producer = NewProducer(servers);
        producer.InitTransactions(Bound);
        producer.BeginTransaction();
        await producer.ProduceAsync("t", new Message<string, string> { Value = "before" });
        using (var simple = NewConsumer(servers))
        {
            producer.SendOffsetsToTransaction([new TopicPartitionOffset("t", 0, 42)], simple.ConsumerGroupMetadata, Bound);
        }

        await KillAsync();
        await StartAsync(servers);
        await producer.ProduceAsync("t", new Message<string, string> { Value = "after" });
        if (commit)
        {
            producer.CommitTransaction(Bound);
        }
        else
        {
            producer.AbortTransaction(Bound);
        }

        // Whatever was told before the second kill is there after it.
        await KillAsync();
        await StartAsync(servers);
        using var consumer = NewConsumer(servers);
        Assert.Equal(commit ? 42 : Offset.Unset, consumer.Committed([new TopicPartition("t", 0)], Bound).Single().Offset);
        Assert.Equal(3, consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), Bound).High.Value);
        consumer.Assign(new TopicPartitionOffset("t", 0, 0));
        if (commit)
        {
            Assert.Equal(["before", "after"], consumer.Take(2).Select(r => r.Message.Value));
        }

        ConsumeResult<string, string>? end = null;
        await Eventually.IsTrueAsync(() => (end = consumer.Consume(TimeSpan.FromMilliseconds(100))) is not null, "the end of the partition");
        Assert.True(end!.IsPartitionEOF);
    }

    private async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        _process.Dispose();
        _process = null;
    }

    private async Task<string> StartAsync(string listen)
    {
        var program = typeof(KilledInTransactionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BrokerProgram").Value!;
        var start = new ProcessStartInfo("dotnet", [program, "--listen", listen, "--data", _folder.Path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Bound);
        Assert.StartsWith("ready ", line);
        return line!["ready ".Length..];
    }

    private static IProducer<string, string> NewProducer(string servers) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = servers,
        TransactionalId = "tx",
        LingerMs = 1,
        ReconnectBackoffMaxMs = 500,
    }).SetLogHandler(static (_, _) => { }).Build();

    private static IConsumer<string, string> NewConsumer(string servers) => new ConsumerBuilder<string, string>(new ConsumerConfig
    {
        BootstrapServers = servers,
        GroupId = "g",
        IsolationLevel = IsolationLevel.ReadCommitted,
        EnablePartitionEof = true,
    }).SetLogHandler(static (_, _) => { }).Build();
}
