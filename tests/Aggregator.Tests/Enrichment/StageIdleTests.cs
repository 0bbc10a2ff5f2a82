using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Pipelines.Shop;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Aggregator.Tests.Shop;
using Streaming.Contracts;
using Streaming.Contracts.Kafka;
using Streaming.Contracts.Shop;
using Streaming.Contracts.Windows;
using Xunit;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Enrichment;

/// <summary>The idle rule behind stages: a topic that is silent because its stage is behind is not idle; one whose stage has nothing left to publish is.</summary>
[Collection(PostgresForScenarios.Name)]
public sealed class StageIdleTests(PostgresFixture postgres)
{
    private static readonly (string, string) ShortIdleTimeout = ("IdleTimeout", "00:00:00.300");

    [Fact]
    public async Task Windows_wait_for_their_stage_that_is_behind_and_close_by_the_clock_once_it_has_caught_up()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await CreateAsync(stage, Topics.Sales, Topics.Stores);
        // The first sale's store is not described, so the stage waits, and all sales with it.
        var past = DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeMilliseconds();
        await stage.ProduceAsync(Sales(past).Select(Record), partition: 0);

        await stage.StartAggregatorAsync(("Pipelines", "sales-by-country"), ("EnrichmentWait", "00:01:00"), ShortIdleTimeout);
        await SilenceIsJudgedAsync(stage);
        await stage.ProduceAsync([("zurich-1"u8.ToArray(), StoreJson.Encode(new("zurich-1", "Zürich", "Zürich", "CH", 47.4, 8.5, "CHF")))], Topics.Stores.Name);
        await TakenAsync(stage, "sales-by-country", 5);

        Assert.Equal(0, await stage.NumberAsync("SELECT sum(late)::bigint FROM checkpoints"));
        await FinalAsync(stage, "sales-by-country", 5);
    }

    [Fact]
    public async Task Windows_of_another_pipeline_that_reads_what_a_stopped_stage_published_wait_until_it_runs_again()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await CreateAsync(stage, Topics.Products);
        var past = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeMilliseconds());
        var publishing = await stage.StartAggregatorAsync(("Pipelines", PricesByProduct.Name), ("EnrichmentWait", "00:00:00"));
        await stage.DescribeAsync(ShopStage.Products);
        await stage.SendAsync(Change(past.AddMinutes(-1)));
        await Until.TrueAsync(() => stage.ReadAll(Topics.PricesEnriched).Count == 1, "the first change is published", stage.Lines.ToString);
        await stage.StopAsync(publishing);
        await stage.SendAsync(Change(past), Change(past.AddSeconds(1)), Change(past.AddSeconds(90)));

        await stage.StartAggregatorAsync(("Pipelines", PricesByCategory.Name), ShortIdleTimeout);
        await SilenceIsJudgedAsync(stage);
        await stage.StartAggregatorAsync(("Pipelines", PricesByProduct.Name), ("EnrichmentWait", "00:00:00"));
        await TakenAsync(stage, PricesByCategory.Name, 4);

        Assert.Equal(0, await stage.NumberAsync($"SELECT sum(late)::bigint FROM checkpoints WHERE pipeline = '{PricesByCategory.Name}'"));
        await FinalAsync(stage, PricesByCategory.Name, 4);
    }

    [Fact]
    public async Task Windows_behind_two_stages_close_by_the_clock_although_markers_of_transactions_end_the_topic_between()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await CreateAsync(stage, Topics.Sales, Topics.Stores);
        var past = DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeMilliseconds();
        await stage.ProduceAsync(Sales(past).Select(Record), partition: 0);

        await stage.StartAggregatorAsync([SalesByCountry.Define(), Chained()], ("EnrichmentWait", "00:00:00"), ShortIdleTimeout);
        await TakenAsync(stage, "chained", 5);

        Assert.Equal(0, await stage.NumberAsync("SELECT sum(late)::bigint FROM checkpoints"));
        await FinalAsync(stage, "chained", 5);
    }

    private static PipelineDefinition Chained() => Definition.Named("chained", "Chained")
        .From(Topics.SalesEnriched, SaleEvents.Enriched.Decode)
        .Through(new TopicDeclaration("sales-chained", 2, TimeSpan.FromDays(1)) { IsTransactional = true }, SaleEvents.Enriched)
        .KeyedByRecord("store").Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))).Waits(TimeSpan.FromSeconds(5)).Measures(m => m.Count()).Define();

    private static IEnumerable<StoreSale> Sales(long past) => Enumerable.Range(0, 5).Select(i => new StoreSale("zurich-1", 5, past + (i * 1000)));

    private static (byte[]? Key, byte[]? Value) Record(StoreSale sale) => (Encoding.UTF8.GetBytes(sale.StoreId), StoreSaleJson.Encode(sale));

    private static PriceChange Change(DateTimeOffset at) => new("product-0", 100, null, "EUR", at);

    private static Task CreateAsync(PipelineStage stage, params TopicDeclaration[] topics) =>
        KafkaTopics.EnsureAsync(new ClientConfig { BootstrapServers = stage.BootstrapServers }, topics, NullLogger.Instance, CancellationToken.None);

    /// <summary>A partition was silent for so long that the clock could have advanced it, and it was decided whether it does.</summary>
    private static Task SilenceIsJudgedAsync(PipelineStage stage) => Until.TrueAsync(
        async () => stage.Lines.Has(2119) || await stage.NumberAsync("SELECT count(*) FROM idle_marks") > 0, "silence is judged", () => Task.FromResult(stage.Lines.ToString()));

    private static Task TakenAsync(PipelineStage stage, string pipeline, int events) => Until.TrueAsync(
        async () => await stage.NumberAsync($"SELECT coalesce(sum(events + late), 0)::bigint FROM checkpoints WHERE pipeline = '{pipeline}'") == events,
        $"{events} events are taken", () => Task.FromResult(stage.Lines.ToString()));

    private static Task FinalAsync(PipelineStage stage, string pipeline, int events) => Until.TrueAsync(
        async () => await stage.NumberAsync($"SELECT coalesce(sum(count), 0)::bigint FROM window_results WHERE pipeline = '{pipeline}' AND window_name = '1m' AND is_final") == events,
        "the clock has closed the windows", () => Task.FromResult(stage.Lines.ToString()));
}
