using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Xunit;

namespace Streaming.Aggregator.Tests.Startup;

/// <summary>What is deleted so that the disk does not fill, and what is not.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class RetentionOfRowsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Old_final_windows_and_old_tombstones_go_and_everything_else_stays()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        foreach (var (days, isFinal) in new[] { (40, true), (40, false), (1, true) })
        {
            await ExecuteAsync(bench, $"""
                INSERT INTO window_results (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version)
                VALUES ('sales-by-store', 1, gen_random_uuid(), 0, '1m', false, now() - interval '{days} days', now(), 'k', 1, 1, 1, 1, 0, {isFinal}, 1)
                """);
        }

        foreach (var minutes in new[] { 16, 14 })
        {
            await ExecuteAsync(bench, $"""
                INSERT INTO window_tombstones (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, version, created_at)
                VALUES ('sales-by-store', 1, gen_random_uuid(), 0, '1m', true, now(), now(), 'k', 1, now() - interval '{minutes} minutes')
                """);
        }

        using var stop = new CancellationTokenSource();
        var running = new ResultRetention(bench.Database, SalesByStore.Define(), TimeSpan.FromDays(30), NullLogger.Instance).RunAsync(stop.Token);
        await Until.TrueAsync(async () => await CountAsync(bench, "window_results") == 2 && await CountAsync(bench, "window_tombstones") == 1, "one of each is deleted");
        await stop.CancelAsync();
        await running;

        Assert.Equal(0, await CountAsync(bench, "window_results WHERE is_final AND window_start < now() - interval '30 days'"));
        Assert.Equal(1, await CountAsync(bench, "window_tombstones WHERE created_at > now() - interval '15 minutes'"));
    }

    [Fact]
    public async Task Old_sampled_events_go_also_those_of_a_pipeline_that_nobody_runs_any_more()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        foreach (var (pipeline, minutes) in new[] { ("sales-by-store", 61), ("sales-by-store", 59), ("removed", 61) })
        {
            await ExecuteAsync(bench, $"""
                INSERT INTO sampled_events (pipeline, generation, topic_id, partition, "offset", event_time, group_key, is_late, "values", trace_parent, checkpoint_trace_parent, version, created_at)
                VALUES ('{pipeline}', 1, gen_random_uuid(), 0, 1, now(), 'k', false, ARRAY[1], '', '', 1, now() - interval '{minutes} minutes')
                """);
        }

        await new EventRetention(bench.Database, SalesByStore.Define(), NullLogger.Instance).DeleteAsync(CancellationToken.None);

        Assert.Equal(1, await CountAsync(bench, "sampled_events"));
    }

    private static async Task ExecuteAsync(CheckpointBench bench, string sql)
    {
        await using var command = bench.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(CheckpointBench bench, string from)
    {
        await using var command = bench.Database.CreateCommand($"SELECT count(*) FROM {from}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
