using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Control;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Xunit;

namespace Streaming.Aggregator.Tests.Control;

[Collection(PostgresForFaults.Name)]
public sealed class TakeOverTests(PostgresFixture postgres)
{
    [Fact]
    public async Task One_of_two_instances_takes_over_once_and_the_former_generation_can_neither_write_nor_be_claimed()
    {
        await using var stage = await PipelineStage.CreateAsync(postgres);
        var pipeline = SalesByStore.Define();
        var host = await stage.StartAggregatorAsync([pipeline]);
        await stage.ProduceAsync(Sales.Random(300, seed: 41));
        await stage.CommittedAsync(300);
        await stage.StopAsync(host);
        await stage.ReplayAsync();
        var (versions, topicId) = (await VersionsAsync(stage), Guid.Parse((await stage.TextAsync("SELECT topic_id::text FROM checkpoints LIMIT 1"))!));
        var log = stage.SourceLog();
        TakeOver[] instances = [new(pipeline, stage.Database, log, NullLogger.Instance), new(pipeline, stage.Database, log, NullLogger.Instance)];

        Assert.DoesNotContain(true, await LookAsync(stage, instances));
        Assert.DoesNotContain(true, await LookAsync(stage, instances));
        await stage.ExecuteAsync("""
            UPDATE checkpoints b SET next_offset = f.next_offset FROM checkpoints f
            WHERE b.generation = 2 AND f.generation = 1 AND b.pipeline = f.pipeline AND b.topic_id = f.topic_id AND b.partition = f.partition
            """);
        Assert.Single(await LookAsync(stage, instances), tookOver => tookOver);
        Assert.DoesNotContain(true, await LookAsync(stage, instances));

        Assert.Equal(2, await stage.NumberAsync("SELECT generation FROM pipelines WHERE name = 'sales-by-store'"));
        Assert.Equal("active,retired", await stage.TextAsync("SELECT string_agg(state, ',' ORDER BY state) FROM pipeline_generations WHERE pipeline = 'sales-by-store'"));
        Assert.Equal(versions + Topics.Sales.Partitions, await VersionsAsync(stage));
        await Assert.ThrowsAsync<GenerationRetiredException>(() => new ClaimStore(stage.Database, "a former owner").ClaimAsync(
            new InputPartition(pipeline.Name, 1, topicId, Topics.Sales.Name, 0), 0, pipeline.Windows, pipeline.Measures, CancellationToken.None));
    }

    private static async Task<bool[]> LookAsync(PipelineStage stage, TakeOver[] instances)
    {
        var rows = await new ControlStore(stage.Database).ReadAsync(SalesByStore.Name, CancellationToken.None);
        return await Task.WhenAll(instances.Select(instance => instance.LookAsync(rows!, CancellationToken.None)));
    }

    private static Task<long> VersionsAsync(PipelineStage stage) => stage.NumberAsync("SELECT sum(version)::bigint FROM checkpoints WHERE generation = 1");
}
