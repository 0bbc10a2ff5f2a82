using System.Net;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Streaming.Contracts;
using Streaming.Contracts.Avro;
using Streaming.Contracts.SchemaRegistry;
using Streaming.Producer.Scenarios.StoreSales;

namespace Streaming.Producer.Tests;

public sealed class SaleFormTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Avro_holds_the_sales_that_JSON_would(int version)
    {
        var options = new ProducerOptions { MalformedShare = 0 };
        var json = new StoreSalesGenerator(options, StoreCatalogue.Stores, SaleForm.Json).From(Start).Take(500);
        var avro = new StoreSalesGenerator(options, StoreCatalogue.Stores, SaleForm.Avro(7, version)).From(Start).Take(500);
        var projection = new SaleProjection(StoreSaleAvro.Schema(version));
        Assert.All(json.Zip(avro), pair =>
        {
            Assert.Equal(SaleRejection.None, StoreSaleJson.Decode(pair.First.Key, pair.First.Value, out var amount, out var time));
            Assert.True(ConfluentWire.TryRead(pair.Second.Value, out var id, out var data));
            Assert.Equal(SaleRejection.None, projection.Decode(pair.Second.Key, data, out var avroAmount, out var avroTime));
            Assert.Equal((7, amount, time), (id, avroAmount, avroTime));
        });
    }

    [Fact]
    public void Malformed_Avro_breaks_off_or_names_a_schema_that_nobody_knows()
    {
        var records = new StoreSalesGenerator(new ProducerOptions { MalformedShare = 1, LateShare = 0, OutOfOrderShare = 0 }, StoreCatalogue.Stores, SaleForm.Avro(7, 1))
            .From(Start).Take(2_000).ToList();
        var projection = new SaleProjection(StoreSaleAvro.First);
        var verdicts = records.Where(record => ConfluentWire.IsWire(record.Value)).Select(record =>
        {
            ConfluentWire.TryRead(record.Value, out var id, out var data);
            return id == MalformedSales.UnknownSchemaId ? SaleRejection.UnknownSchema : projection.Decode(record.Key, data, out _, out _);
        }).ToHashSet();
        Assert.Superset(new HashSet<SaleRejection> { SaleRejection.UnknownSchema, SaleRejection.Malformed, SaleRejection.NegativeAmount, SaleRejection.AbsurdAmount }, verdicts);
        Assert.Contains(records, record => record.Value is [(byte)'{', ..]);
    }

    [Fact]
    public async Task The_schema_is_registered_before_the_first_sale()
    {
        using var registry = new Registry((HttpStatusCode.OK, """{"id":41}"""));
        var form = await FindAsync(registry, new ProducerOptions { SaleSchema = 2 });
        Assert.True(ConfluentWire.TryRead(form.Encode(new StoreSale("a", 1, 2)), out var id, out _));
        Assert.Equal(41, id);
        Assert.Contains("channel", Assert.Single(registry.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_schema_ends_the_start_and_names_subject_and_reason()
    {
        using var registry = new Registry((HttpStatusCode.Conflict, """{"error_code":409,"message":"READER_FIELD_MISSING_DEFAULT_VALUE"}"""));
        var refused = await Assert.ThrowsAsync<SchemaRefusedException>(() => FindAsync(registry, new ProducerOptions()));
        Assert.Contains("sales-value", refused.Message, StringComparison.Ordinal);
        Assert.Contains("READER_FIELD_MISSING_DEFAULT_VALUE", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_is_away_is_waited_for()
    {
        var away = ((HttpStatusCode?)null, "");
        using var registry = new Registry(away, away, away, away, (HttpStatusCode.OK, """{"id":1}"""));
        using var client = new SchemaRegistryClient(new SchemaRegistrySettings(new Uri("http://registry/")), registry);
        var finder = new SaleFormFinder(Options.Create(new ProducerOptions()), [client], TimeProvider.System, NullLogger<SaleFormFinder>.Instance);
        var finding = finder.FindAsync(CancellationToken.None);
        await Eventually.True(() => HealthOf(finder) == HealthStatus.Degraded, "health says that no sales are sent");
        await finding;
        Assert.Equal((5, HealthStatus.Healthy), (registry.Bodies.Count, HealthOf(finder)));
    }

    [Fact]
    public async Task Without_a_registry_Avro_is_refused_and_JSON_goes()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => FindAsync(null, new ProducerOptions()));
        Assert.Contains("Producer:Format", error.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:schema-registry", error.Message, StringComparison.Ordinal);
        Assert.Same(SaleForm.Json, await FindAsync(null, new ProducerOptions { Format = "json" }));
    }

    private static HealthStatus HealthOf(SaleFormFinder finder) => finder.CheckHealthAsync(new HealthCheckContext()).Result.Status;

    private static async Task<SaleForm> FindAsync(Registry? registry, ProducerOptions options)
    {
        using var client = registry is null ? null : new SchemaRegistryClient(new SchemaRegistrySettings(new Uri("http://registry/")), registry);
        SchemaRegistryClient[] clients = client is null ? [] : [client];
        return await new SaleFormFinder(Options.Create(options), clients, TimeProvider.System, NullLogger<SaleFormFinder>.Instance).FindAsync(CancellationToken.None);
    }

    /// <summary>Gives its answers in their order; one without a status breaks the connection.</summary>
    private sealed class Registry(params (HttpStatusCode? Status, string Body)[] answers) : HttpMessageHandler
    {
        private readonly Queue<(HttpStatusCode? Status, string Body)> _answers = new(answers);

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            var (status, body) = _answers.Dequeue();
            return status is { } code
                ? new HttpResponseMessage(code) { Content = new StringContent(body, Encoding.UTF8, SchemaRegistryClient.ContentType) }
                : throw new HttpRequestException("connection refused");
        }
    }
}
