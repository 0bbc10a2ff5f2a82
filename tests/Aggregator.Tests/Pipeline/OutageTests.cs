using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Embedded.Postgres;
using Xunit;

namespace Streaming.Aggregator.Tests.Pipeline;

/// <summary>A server goes away and comes back: nothing is lost and the pipeline goes on by itself.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class OutageTests(PostgresFixture postgres)
{
    [Fact]
    public async Task PostgreSQL_stopped_and_started_again_loses_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("streaming-outage-").FullName;
        var options = new PostgresOptions { DataDirectory = Path.Combine(folder, "postgres") };
        var server = await PostgresServer.StartAsync(options);
        try
        {
            await using var stage = await PipelineStage.CreateAsync(server.ConnectionString + ";Database=streaming");
            var host = await stage.StartAggregatorAsync();
            await stage.ProduceAsync(Sales.Random(3000, seed: 1));
            await Until.TrueAsync(() => stage.Lines.Has(2104), "reading");
            await stage.CommittedAsync(3000);

            await server.DisposeAsync();
            await stage.ProduceAsync(Sales.Random(3000, seed: 2, fromMinute: 10));
            await Until.TrueAsync(() => stage.Lines.Has(2201), "a checkpoint fails and says so");
            Assert.Equal(HealthStatus.Degraded, await HealthAsync(host));
            server = await PostgresServer.StartAsync(options with { Port = server.Port });

            await stage.CommittedAsync(6000);
            Assert.Equal(Recount.Of(stage.ReadAll(Topics.Sales)).Results, await stage.ResultsAsync());
            await Until.TrueAsync(async () => await HealthAsync(host) == HealthStatus.Healthy, "healthy again");
            await stage.OutboxIsEmptyAsync();
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Broker_stopped_and_started_again_loses_nothing()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync();
        await stage.ProduceAsync(Sales.Random(3000, seed: 3));
        await stage.CommittedAsync(3000);

        await stage.StopBrokerAsync();
        await stage.StartBrokerAsync();
        await stage.ProduceAsync(Sales.Random(3000, seed: 4, fromMinute: 10));

        await stage.CommittedAsync(6000);
        Assert.Equal(Recount.Of(stage.ReadAll(Topics.Sales)).Results, await stage.ResultsAsync());
        await stage.OutboxIsEmptyAsync();
    }

    [Fact]
    public async Task Topic_deleted_and_created_anew_starts_from_zero_under_its_new_id()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync();
        await stage.ProduceAsync(Sales.Random(2000, seed: 5));
        await stage.CommittedAsync(2000);

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = stage.BootstrapServers }).Build();
        await admin.DeleteTopicsAsync([Topics.Sales.Name]);
        await Until.TrueAsync(() => TryCreateAsync(admin), "the topic is created anew");
        // As many as before and more: an offset of the old topic would exist in the new one too.
        await stage.ProduceAsync(Sales.Random(4000, seed: 6, fromMinute: 20));

        await stage.CommittedAsync(6000);
        var expected = Recount.Of(stage.ReadAll(Topics.Sales)).Results;
        Assert.Equal(expected.Values.Sum(m => m.Count), await stage.NumberAsync(
            "SELECT sum(count)::bigint FROM window_results r WHERE topic_id IN (SELECT topic_id FROM checkpoints ORDER BY updated_at DESC LIMIT 1)"));
        Assert.Equal(2, await stage.NumberAsync("SELECT count(DISTINCT topic_id) FROM checkpoints"));
    }

    [Fact]
    public async Task Killed_instance_hands_its_partitions_over_with_no_wrong_number()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        using var first = stage.StartProcess();
        using var second = stage.StartProcess();
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(DISTINCT owner) FROM checkpoints") == 2
            && await stage.NumberAsync("SELECT count(*) FROM checkpoints") == 6, "both share the partitions", () => Task.FromResult(stage.Lines.ToString()));

        await stage.ProduceAsync(Sales.Random(5000, seed: 8));
        first.Kill();
        await stage.ProduceAsync(Sales.Random(5000, seed: 9, fromMinute: 10));

        await stage.CommittedAsync(10_000);
        var (expected, late, _) = Recount.Of(stage.ReadAll(Topics.Sales));
        Assert.Equal(expected, await stage.ResultsAsync());
        Assert.Equal(late, await stage.NumberAsync("SELECT sum(late)::bigint FROM checkpoints"));
        Assert.True(second.IsRunning);
    }

    private static async Task<bool> TryCreateAsync(IAdminClient admin)
    {
        try
        {
            await admin.CreateTopicsAsync([new() { Name = Topics.Sales.Name, NumPartitions = Topics.Sales.Partitions, Configs = new(Topics.Sales.Configuration()) }]);
            return true;
        }
        catch (Confluent.Kafka.Admin.CreateTopicsException e) when (e.Results.All(r => r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            return false;
        }
    }

    private static async Task<HealthStatus> HealthAsync(IHost host)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "consuming");
        return report.Status;
    }
}
