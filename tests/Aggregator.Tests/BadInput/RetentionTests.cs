using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.BadInput;

/// <summary>Records that were deleted before they were read.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class RetentionTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Retention_that_overtook_the_progress_stops_that_partition_only_until_the_loss_is_accepted()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var first = await stage.StartAggregatorAsync();
        await stage.ProduceAsync(Sales.Random(1000, seed: 41));
        await stage.CommittedAsync(1000);
        await stage.StopAsync(first);
        var partition = (int)await stage.NumberAsync("SELECT min(partition) FROM checkpoints WHERE next_offset > 0");
        var next = await stage.NumberAsync($"SELECT next_offset FROM checkpoints WHERE partition = {partition}");
        await stage.ProduceAsync(Sales.Random(1000, seed: 42, fromMinute: 10));
        var all = stage.ReadAll(Topics.Sales);
        await DeleteAsync(stage, partition, next + 5);

        var host = await stage.StartAggregatorAsync(("GapRecheck", "00:00:00.500"));
        await Until.TrueAsync(() => stage.Lines.Has(2106), "the gap is reported", stage.Lines.ToString);
        var others = all.Count(record => record.Partition.Value != partition);
        await Until.TrueAsync(async () => await stage.NumberAsync($"SELECT sum(next_offset)::bigint FROM checkpoints WHERE partition <> {partition}") == others, "the others go on",
            () => Task.FromResult(stage.Lines.ToString()));
        Assert.Equal(next, await stage.NumberAsync($"SELECT next_offset FROM checkpoints WHERE partition = {partition}"));
        Assert.StartsWith($"sales-by-store: partition {partition}: progress {next} is outside the log", await TroubleAsync(host), StringComparison.Ordinal);

        await stage.ExecuteAsync($"UPDATE checkpoints SET next_offset = {next + 5}, version = version + 1 WHERE partition = {partition}");
        await stage.CommittedAsync(2000);

        var read = all.Where(record => record.Partition.Value != partition || record.Offset.Value < next || record.Offset.Value >= next + 5);
        Assert.Equal(Recount.Of(read).Results, await stage.ResultsAsync());
        Assert.Null(await TroubleAsync(host));
    }

    [Fact]
    public async Task Stage_whose_source_has_lost_records_stops_in_that_partition_only_until_the_groups_offset_is_set()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var first = await stage.StartAggregatorAsync(Stage);
        await stage.ProduceAsync(Sales.Random(500, seed: 43));
        await PublishedAsync(stage, 500);
        await stage.StopAsync(first);
        var next = stage.ReadAll(Topics.Sales).GroupBy(record => record.Partition.Value).MinBy(partition => partition.Key)!.Count();
        var partition = stage.ReadAll(Topics.Sales)[0].Partition.Value;
        await stage.ProduceAsync(Sales.Random(500, seed: 44, fromMinute: 10));
        var all = stage.ReadAll(Topics.Sales);
        await DeleteAsync(stage, partition, next + 5);

        var second = await stage.StartAggregatorAsync(Stage);
        await Until.TrueAsync(() => stage.Lines.Has(2407), "the gap is reported", stage.Lines.ToString);
        await PublishedAsync(stage, all.Count(record => record.Partition.Value != partition) + next);
        Assert.Equal($"sales-by-country (enrichment): partition {partition}: progress {next} is before the log's start {next + 5}", await TroubleAsync(second));
        await stage.StopAsync(second);

        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stage.BootstrapServers }).Build())
        {
            await admin.AlterConsumerGroupOffsetsAsync([new("sales-by-country.enrich", [new(Topics.Sales.Name, partition, next + 5)])]);
        }

        var third = await stage.StartAggregatorAsync(Stage);
        await PublishedAsync(stage, all.Count - 5);
        Assert.Null(await TroubleAsync(third));
    }

    private static readonly (string, string)[] Stage = [("Pipelines", "sales-by-country"), ("EnrichmentWait", "00:00:00")];

    private static Task PublishedAsync(PipelineStage stage, int count) =>
        Until.TrueAsync(() => stage.ReadAll(Topics.SalesEnriched).Count == count, $"{count} sales are published", stage.Lines.ToString);

    private static async Task DeleteAsync(PipelineStage stage, int partition, long before)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stage.BootstrapServers }).Build();
        var deleted = await admin.DeleteRecordsAsync([new TopicPartitionOffset(Topics.Sales.Name, partition, before)]);
        Assert.Equal(before, deleted.Single().Offset.Value);
    }

    private static async Task<string?> TroubleAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "consuming");
        return report.Status == HealthStatus.Degraded ? report.Entries["consuming"].Description : null;
    }
}
