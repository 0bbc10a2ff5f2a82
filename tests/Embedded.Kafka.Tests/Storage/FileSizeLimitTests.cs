using System.Diagnostics;
using System.Reflection;
using Confluent.Kafka;

namespace Streaming.Embedded.Kafka.Tests.Storage;

/// <summary>The program under a real limit of the system (RLIMIT_FSIZE), which refuses writes as a full disk does. Unix only: Windows has no such limit.</summary>
public sealed class FileSizeLimitTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_may_not_grow_fails_the_producer_and_the_broker_lives_and_serves_what_it_has()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using var process = Launch();
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Bound);
            Assert.StartsWith("ready ", line);
            var servers = line!["ready ".Length..];

            var acknowledged = await ProduceUntilRefusedAsync(servers);

            using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = servers, GroupId = "g" })
                .SetLogHandler(static (_, _) => { }).Build();
            consumer.Assign(new TopicPartitionOffset("t", 0, 0));
            Assert.Equal(Enumerable.Range(0, acknowledged).Select(i => $"{i}"), consumer.Take(acknowledged).Select(record => record.Message.Key));
            Assert.False(process.HasExited);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(Bound);
        }
    }

    private static async Task<int> ProduceUntilRefusedAsync(string servers)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = servers, MessageTimeoutMs = 10_000 })
            .SetLogHandler(static (_, _) => { }).Build();
        for (var acknowledged = 0; acknowledged < 1_000; acknowledged++)
        {
            try
            {
                await producer.ProduceAsync("t", new Message<string, string> { Key = $"{acknowledged}", Value = new string('x', 50_000) });
            }
            catch (ProduceException<string, string>) when (acknowledged > 0)
            {
                return acknowledged;
            }
        }
        throw new InvalidOperationException("The limit was not reached.");
    }

    // A block of sh's ulimit is 512 bytes: 1 MB. The runtime's own code memory counts as a file unless W^X is off.
    private Process Launch()
    {
        var program = typeof(FileSizeLimitTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BrokerProgram").Value!;
        var start = new ProcessStartInfo("sh", ["-c", "ulimit -f 2048 && exec dotnet \"$0\" --listen 127.0.0.1:0 --log-level None --data \"$1\"", program, _folder.Path])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return Process.Start(start)!;
    }
}
