using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Control;

[Collection(PostgresForFaults.Name)]
public sealed class PauseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Paused_pipeline_reads_nothing_in_any_instance_and_goes_on_where_it_was()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        PipelineDefinition[] pipelines = [SalesByStore.Define()];
        await stage.StartAggregatorAsync(pipelines);
        await stage.StartAggregatorAsync(pipelines);
        await stage.ProduceAsync(Sales.Random(2000, seed: 21));
        await stage.CommittedAsync(2000);
        var store = new ControlStore(stage.Database);

        Assert.True(await store.SetPausedAsync(SalesByStore.Name, isPaused: true, CancellationToken.None));
        await Until.TrueAsync(() => stage.Lines.Count(2013) == 2, "both stop", stage.Lines.ToString);
        await stage.ProduceAsync(Sales.Random(1000, seed: 22, fromMinute: 10));
        await stage.OutboxIsEmptyAsync();
        Assert.Equal(2000, await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints"));

        Assert.True(await store.SetPausedAsync(SalesByStore.Name, isPaused: false, CancellationToken.None));
        await stage.CommittedAsync(3000);
        Assert.Equal(Recount.Of(stage.ReadAll(Topics.Sales)).Results, await stage.ResultsAsync());
    }

    [Fact]
    public async Task Changed_definition_keeps_the_results_and_asks_for_a_replay_while_the_process_lives()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var first = await stage.StartAggregatorAsync([SalesByStore.Define()]);
        await stage.ProduceAsync(Sales.Random(500, seed: 23));
        await stage.CommittedAsync(500);
        await stage.StopAsync(first);
        var results = await stage.ResultsAsync();

        var second = await stage.StartAggregatorAsync([SalesByStore.Define() with { Fingerprint = "another" }]);
        await Until.TrueAsync(() => stage.Lines.Has(2010), "the change is reported", stage.Lines.ToString);
        await stage.ProduceAsync(Sales.Random(500, seed: 24, fromMinute: 10));
        await Until.TrueAsync(async () => (await HealthAsync(second)).Description == $"{SalesByStore.Name}: {ControlPlan.Changed}", "degraded");

        Assert.Equal(HealthStatus.Degraded, (await HealthAsync(second)).Status);
        Assert.Equal(results, await stage.ResultsAsync());
        Assert.Equal(500, await stage.NumberAsync("SELECT sum(next_offset)::bigint FROM checkpoints"));
    }

    private static async Task<HealthReportEntry> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "consuming");
        return report.Entries.Single().Value;
    }
}
