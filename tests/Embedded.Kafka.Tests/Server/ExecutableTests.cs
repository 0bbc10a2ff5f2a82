using System.Diagnostics;
using System.Reflection;
using Confluent.Kafka;
using Xunit;

namespace Streaming.Embedded.Kafka.Tests.Server;

/// <summary>The program as a process of its own.</summary>
public sealed class ExecutableTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_survives_a_kill()
    {
        var (process, servers) = await StartAsync();
        long acknowledged = 0;
        using (var producer = NewProducer(servers))
        {
            for (var i = 0; i < 5000; i++)
            {
                producer.Produce("t", new Message<string, string> { Value = $"{i}" }, report =>
                {
                    if (!report.Error.IsError)
                    {
                        Interlocked.Increment(ref acknowledged);
                    }
                });
            }

            await Eventually.IsTrueAsync(() => Interlocked.Read(ref acknowledged) > 1000, "some records are acknowledged");
            Commit(servers, "g", 77);
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(Bound);
        }

        var survivors = Interlocked.Read(ref acknowledged);
        var (second, again) = await StartAsync();
        using var consumer = NewConsumer(again, "g");
        var end = consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), Bound).High.Value;
        Assert.InRange(end, survivors, 5000);
        Assert.Equal(77, consumer.Committed([new TopicPartition("t", 0)], Bound).Single().Offset.Value);
        consumer.Assign(new TopicPartitionOffset("t", 0, 0));
        Assert.Equal(Enumerable.Range(0, (int)end).Select(i => $"{i}"), consumer.Take((int)end).Select(r => r.Message.Value));
        second.Kill();
        await second.WaitForExitAsync().WaitAsync(Bound);
    }

    [Fact]
    public async Task It_prints_only_its_address_and_stops_with_its_standard_input()
    {
        var (process, servers) = await StartAsync("--stop-with-stdin");
        Assert.Matches(@"^127\.0\.0\.1:\d+$", servers);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Bound);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task It_stops_cleanly_on_a_termination_signal()
    {
        var (process, _) = await StartAsync();
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(Bound);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_second_broker_on_the_same_folder_is_refused_with_a_reason()
    {
        var (process, _) = await StartAsync();
        var second = Launch([]);
        await second.WaitForExitAsync().WaitAsync(Bound);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("in use", await second.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Bound);
    }

    private async Task<(Process Process, string Servers)> StartAsync(params string[] arguments)
    {
        var process = Launch(arguments);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Bound);
        Assert.StartsWith("ready ", line);
        return (process, line!["ready ".Length..]);
    }

    private Process Launch(string[] arguments)
    {
        var program = typeof(ExecutableTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BrokerProgram").Value!;
        var start = new ProcessStartInfo("dotnet", [program, "--listen", "127.0.0.1:0", "--data", _folder.Path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static IProducer<string, string> NewProducer(string servers) =>
        new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = servers, EnableIdempotence = true, LingerMs = 1, BatchNumMessages = 50 })
            .SetLogHandler(static (_, _) => { }).Build();

    private static IConsumer<string, string> NewConsumer(string servers, string group) =>
        new ConsumerBuilder<string, string>(new ConsumerConfig { BootstrapServers = servers, GroupId = group }).SetLogHandler(static (_, _) => { }).Build();

    private static void Commit(string servers, string group, long offset)
    {
        using var consumer = NewConsumer(servers, group);
        consumer.Commit([new TopicPartitionOffset("t", 0, offset)]);
    }
}
