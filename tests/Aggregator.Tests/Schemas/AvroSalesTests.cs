using System.Net;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Embedded.SchemaRegistry;
using Xunit;

namespace Streaming.Aggregator.Tests.Schemas;

/// <summary>Sales as Avro with schemas of a registry: more than one, among JSON, with a registry that knows them, does not, or is away.</summary>
[Collection(PostgresForScenarios.Name)]
public sealed class AvroSalesTests(PostgresFixture postgres)
{
    private static readonly byte[] Key = "zurich-1"u8.ToArray();
    private static readonly long Now = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds();

    private static readonly TopicDeclaration CountryDeadLetter = new("sales-by-country-dead-letter", 1, TimeSpan.FromDays(1));

    [Fact]
    public async Task A_schema_that_changes_in_flight_is_followed_and_JSON_beside_it_is_read_too()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await using var registry = await StartAsync(stage);
        await stage.StartAggregatorAsync();
        var first = await RegisterAsync(registry, StoreSaleAvro.First);
        await ProduceAsync(stage, StoreSaleAvro.Encode(first, Sale(1)), StoreSaleJson.Encode(Sale(10)));
        await stage.CommittedAsync(2);

        var second = await RegisterAsync(registry, StoreSaleAvro.Second);
        await ProduceAsync(stage, StoreSaleAvro.Encode(second, Sale(100), "online"), StoreSaleAvro.Encode(first, Sale(1_000)), StoreSaleJson.Encode(Sale(10_000)));
        await stage.CommittedAsync(5);

        Assert.NotEqual(first, second);
        Assert.Equal((5, 0), (await stage.NumberAsync("SELECT sum(events)::bigint FROM checkpoints"), await stage.NumberAsync("SELECT sum(rejected)::bigint FROM checkpoints")));
        Assert.Equal(11_111, await stage.NumberAsync("SELECT sum(sum)::bigint FROM window_results"));
    }

    [Fact]
    public async Task What_no_schema_explains_goes_to_the_dead_letter_topic_and_the_rest_goes_on()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await using var registry = await StartAsync(stage);
        var id = await RegisterAsync(registry, StoreSaleAvro.First);
        var unfit = await RegisterAsync(registry, AvroSchema.Parse("\"string\""), "other-value");
        await stage.StartAggregatorAsync();
        var good = StoreSaleAvro.Encode(id, Sale(5));
        byte[] head = [0, 0, 0];
        await ProduceAsync(stage, StoreSaleAvro.Encode(int.MaxValue, Sale(5)), StoreSaleAvro.Encode(-7, Sale(5)), StoreSaleAvro.Encode(unfit, Sale(5)), good[..^2], head, good);
        await stage.CommittedAsync(6);
        await Until.TrueAsync(() => stage.ReadAll(Topics.SalesDeadLetter).Count == 5, "five dead letters", stage.Lines.ToString);

        Assert.Equal(["malformed", "malformed", "unfit-schema", "unknown-schema", "unknown-schema"], Reasons(stage, Topics.SalesDeadLetter));
        Assert.Equal(1, await stage.NumberAsync("SELECT sum(events)::bigint FROM checkpoints"));
    }

    [Fact]
    public async Task While_the_registry_is_away_the_partition_waits_and_nothing_is_rejected()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var registry = await StartAsync(stage);
        var id = await RegisterAsync(registry, StoreSaleAvro.First);
        await registry.DisposeAsync();
        var host = await stage.StartAggregatorAsync();
        await ProduceAsync(stage, StoreSaleJson.Encode(Sale(1)), StoreSaleAvro.Encode(id, Sale(10)), StoreSaleJson.Encode(Sale(100)));
        await stage.CommittedAsync(1);
        var health = host.Services.GetRequiredService<HealthCheckService>();
        await Until.TrueAsync(
            async () => (await health.CheckHealthAsync()).Entries["consuming"] is { Status: HealthStatus.Degraded, Description: { } text } && text.Contains("waits for schema", StringComparison.Ordinal),
            "health says that a partition waits for a schema", () => Task.FromResult(stage.Lines.ToString()));
        await Until.TrueAsync(() => stage.Lines.Has(2421), "the log says that the registry is away", stage.Lines.ToString);
        Assert.Equal(1, await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints"));

        await using var again = await StartAsync(stage, registry.Address.Port);
        await stage.CommittedAsync(3);

        Assert.Equal((111, 0), (await stage.NumberAsync("SELECT sum(sum)::bigint FROM window_results"), await stage.NumberAsync("SELECT sum(rejected)::bigint FROM checkpoints")));
        await Until.TrueAsync(async () => (await health.CheckHealthAsync()).Entries["consuming"].Status == HealthStatus.Healthy, "health is restored");
    }

    [Fact]
    public async Task Without_a_registry_Avro_is_rejected_and_JSON_is_read()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync();
        await ProduceAsync(stage, StoreSaleAvro.Encode(1, Sale(5)), StoreSaleJson.Encode(Sale(7)));
        await stage.CommittedAsync(2);
        await Until.TrueAsync(() => stage.ReadAll(Topics.SalesDeadLetter).Count == 1, "a dead letter", stage.Lines.ToString);

        Assert.Equal(["no-registry"], Reasons(stage, Topics.SalesDeadLetter));
        Assert.Equal(7, await stage.NumberAsync("SELECT sum(sum)::bigint FROM window_results"));
    }

    [Fact]
    public async Task The_enriching_stage_reads_the_same_and_waits_likewise()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var registry = await StartAsync(stage);
        var (first, second) = (await RegisterAsync(registry, StoreSaleAvro.First), await RegisterAsync(registry, StoreSaleAvro.Second));
        await registry.DisposeAsync();
        await stage.StartAggregatorAsync(("Pipelines", "sales-by-country"), ("EnrichmentWait", "00:00:00"));
        await ProduceAsync(stage, StoreSaleJson.Encode(Sale(1)), StoreSaleAvro.Encode(first, Sale(2)), StoreSaleAvro.Encode(int.MaxValue, Sale(3)), StoreSaleAvro.Encode(second, Sale(4), "online"));
        await Until.TrueAsync(() => Amounts(stage) is [1], "what comes before the first unknown schema is published", stage.Lines.ToString);

        await using var again = await StartAsync(stage, registry.Address.Port);
        await Until.TrueAsync(() => Amounts(stage).Count == 3, "all good sales are published", stage.Lines.ToString);

        Assert.Equal([1, 2, 4], Amounts(stage));
        Assert.Equal(["unknown-schema"], Reasons(stage, CountryDeadLetter));
    }

    private static StoreSale Sale(int amount) => new("zurich-1", amount, Now);

    private static Task ProduceAsync(PipelineStage stage, params byte[][] values) => stage.ProduceAsync(values.Select(value => ((byte[]?)Key, (byte[]?)value)), partition: 0);

    private static async Task<RegistryServer> StartAsync(PipelineStage stage, int port = 0)
    {
        var registry = await RegistryServer.StartAsync(
            new SchemaRegistryOptions { BootstrapServers = stage.BootstrapServers, Listen = new IPEndPoint(IPAddress.Loopback, port) }, NullLoggerFactory.Instance, CancellationToken.None);
        stage.SchemaRegistry = registry.Address;
        return registry;
    }

    private static async Task<int> RegisterAsync(RegistryServer registry, AvroSchema schema, string subject = StoreSaleAvro.Subject)
    {
        using var client = new SchemaRegistryClient(new SchemaRegistrySettings(registry.Address));
        return await client.RegisterAsync(subject, schema, CancellationToken.None);
    }

    private static List<int> Amounts(PipelineStage stage) => [.. stage.ReadAll(Topics.SalesEnriched).Select(record =>
    {
        Assert.Null(EnrichedSaleJson.Decode(record.Message.Value, out var sale));
        return sale.Amount;
    })];

    private static IEnumerable<string> Reasons(PipelineStage stage, TopicDeclaration topic) =>
        stage.ReadAll(topic).Select(record => Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes(HeaderNames.Reason))).Order(StringComparer.Ordinal);
}
