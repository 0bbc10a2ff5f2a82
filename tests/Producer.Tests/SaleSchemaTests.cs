using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Embedded.SchemaRegistry;

namespace Streaming.Producer.Tests;

/// <summary>The Producer as a program, with a broker and a registry.</summary>
public sealed class SaleSchemaTests
{
    [Fact]
    public async Task A_second_schema_is_written_after_the_first_and_both_are_in_the_topic()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var registry = await StartRegistryAsync(cluster);
        for (var version = 1; version <= 2; version++)
        {
            using var producer = Start(cluster, registry, ("Producer__SaleSchema", $"{version}"));
            var first = version;
            await Eventually.True(() => Ids(cluster).Count == first, $"sales of {first} schemas are in the topic");
            producer.Kill();
            await producer.WaitForExitAsync();
        }

        using var client = new SchemaRegistryClient(new SchemaRegistrySettings(registry.Address));
        var schemas = new List<string>();
        foreach (var id in Ids(cluster))
        {
            schemas.Add((await client.FindAsync(id, CancellationToken.None))!.Text);
        }

        Assert.Equal([StoreSaleAvro.First.ToString(), StoreSaleAvro.Second.ToString()], schemas);
    }

    [Fact]
    public async Task A_schema_that_the_registry_refuses_ends_the_program_with_the_reason()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var registry = await StartRegistryAsync(cluster);
        using (var client = new SchemaRegistryClient(new SchemaRegistrySettings(registry.Address)))
        {
            await client.RegisterAsync(StoreSaleAvro.Subject, AvroSchema.Parse("""{"type":"record","name":"StoreSale","fields":[{"name":"store_id","type":"int"}]}"""), CancellationToken.None);
        }

        using var producer = Start(cluster, registry);
        var output = await producer.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(90));
        await producer.WaitForExitAsync();

        Assert.Equal(1, producer.ExitCode);
        Assert.Contains("refused the schema for subject 'sales-value'", output, StringComparison.Ordinal);
        Assert.Contains("TYPE_MISMATCH", output, StringComparison.Ordinal);
    }

    private static Task<RegistryServer> StartRegistryAsync(Cluster cluster) => RegistryServer.StartAsync(
        new SchemaRegistryOptions { BootstrapServers = cluster.BootstrapServers, Listen = new IPEndPoint(IPAddress.Loopback, 0) }, NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>The ids of schemas with which sales were written, in the order in which they were given out.</summary>
    private static SortedSet<int> Ids(Cluster cluster)
    {
        try
        {
            return [.. cluster.Read(Topics.Sales.Name, Topics.Sales.Partitions).Select(record => ConfluentWire.TryRead(record.Message.Value, out var id, out _) ? id : 0).Where(id => id > 0)];
        }
        catch (Confluent.Kafka.KafkaException)
        {
            // The topic is not there yet.
            return [];
        }
    }

    private static Process Start(Cluster cluster, RegistryServer registry, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Producer.dll")])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ConnectionStrings__kafka"] = cluster.BootstrapServers,
                ["ConnectionStrings__schema-registry"] = registry.Address.ToString(),
                ["Scenarios"] = "sales",
                ["Producer__BackfillMinutes"] = "0",
                ["Producer__MalformedShare"] = "0",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        return Process.Start(start)!;
    }
}
