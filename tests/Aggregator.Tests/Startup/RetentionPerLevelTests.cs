using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Startup;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Xunit;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Startup;

/// <summary>Each kind of windows is kept for as long as its definition says; a level of a roll-up until the coarser one covers it.</summary>
[Collection(PostgresForFaults.Name)]
public sealed class RetentionPerLevelTests(PostgresFixture postgres)
{
    private static readonly Guid Topic = Guid.NewGuid();
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private sealed record Reading(string Key, DateTimeOffset At);

    [Fact]
    public async Task Each_kind_goes_after_its_own_retention_and_kinds_that_are_not_named_after_the_settings()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var pipeline = Define(p => p.Keep("session-1m", 5 * Hour));
        await CheckpointAsync(bench, "now()");
        await RowAsync(bench, "session-1m", start: "now() - interval '20 hours'", end: "now() - interval '4 hours'");
        await RowAsync(bench, "session-1m", start: "now() - interval '20 hours'", end: "now() - interval '6 hours'");
        await RowAsync(bench, "1m", start: "now() - interval '20 hours'", end: "now() - interval '20 hours' + interval '1 minute'");
        await RowAsync(bench, "1h", start: "now() - interval '26 hours'", end: "now() - interval '25 hours'");

        await new ResultRetention(bench.Database, pipeline, TimeSpan.FromDays(1), NullLogger.Instance).DeleteAsync(CancellationToken.None);

        // The session that ended four hours ago stays although it began long before.
        Assert.Equal(["1m", "session-1m"], await KindsAsync(bench));
    }

    [Fact]
    public async Task Minutes_stay_until_the_hour_over_them_is_final_in_their_partition()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await HourLastsAsync(bench);
        var pipeline = Define(p => p.Keep("1m", 2 * Hour).Keep("1h", 48 * Hour));
        var retention = new ResultRetention(bench.Database, pipeline, TimeSpan.FromDays(1), NullLogger.Instance);
        // The watermark stands ten minutes into the hour that began nine hours ago.
        await CheckpointAsync(bench, "date_trunc('hour', now()) - interval '9 hours' + interval '10 minutes'");
        foreach (var (hoursAgo, minute) in new[] { (10, 59), (9, 0), (9, 5) })
        {
            var start = $"date_trunc('hour', now()) - interval '{hoursAgo} hours' + interval '{minute} minutes'";
            await RowAsync(bench, "1m", start, $"{start} + interval '1 minute'");
        }

        await retention.DeleteAsync(CancellationToken.None);
        Assert.Equal(["1m", "1m"], await KindsAsync(bench));

        await CheckpointAsync(bench, "date_trunc('hour', now()) - interval '8 hours' + interval '9 seconds'");
        await retention.DeleteAsync(CancellationToken.None);
        Assert.Equal(["1m", "1m"], await KindsAsync(bench));

        // Ten seconds of grace: now the hour has closed.
        await CheckpointAsync(bench, "date_trunc('hour', now()) - interval '8 hours' + interval '10 seconds'");
        await retention.DeleteAsync(CancellationToken.None);
        Assert.Empty(await KindsAsync(bench));
    }

    [Fact]
    public async Task Minutes_of_an_hour_go_together_and_not_before_all_of_them_are_old_enough()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await HourLastsAsync(bench);
        var pipeline = Define(p => p.Keep("1m", 2 * Hour).Keep("1h", 48 * Hour));
        await CheckpointAsync(bench, "now()");
        for (var minutes = 0; minutes < 5 * 60; minutes += 10)
        {
            var start = $"date_trunc('hour', now()) - interval '{minutes + 10} minutes'";
            await RowAsync(bench, "1m", start, $"{start} + interval '1 minute'");
        }

        await new ResultRetention(bench.Database, pipeline, TimeSpan.FromDays(1), NullLogger.Instance).DeleteAsync(CancellationToken.None);

        // The hour that now − 2 h lies in is kept whole, and so is every later one.
        Assert.Equal(12, (await KindsAsync(bench)).Count);
        Assert.Equal(["(t)"], await bench.RowsAsync("SELECT min(window_start) = date_trunc('hour', now()) - interval '2 hours' FROM window_results"));
    }

    private static PipelineDefinition Define(Func<PipelineBuilder<Reading>, PipelineBuilder<Reading>> more) => more(
        Definition.Named("levels", "Levels").From(new TopicDeclaration("readings", 1, TimeSpan.FromDays(1)), JsonEvents.Of<Reading>(reading => reading.At)).KeyedByRecord("key")
            .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(Hour), WindowSpecs.Session(TimeSpan.FromMinutes(1)))
            .Waits(TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10)).Measures(m => m.Count())).Define();

    /// <summary>Everything here is counted from the hour that it is: that hour must not end before the test does.</summary>
    private static Task HourLastsAsync(CheckpointBench bench) => Until.TrueAsync(
        async () => (await bench.RowsAsync("SELECT date_trunc('hour', now()) = date_trunc('hour', now() + interval '1 minute')"))[0] == "(t)", "the hour lasts for another minute");

    private static Task CheckpointAsync(CheckpointBench bench, string watermark) => ExecuteAsync(bench, $"""
        INSERT INTO checkpoints (pipeline, generation, topic_id, partition, topic, version, next_offset, watermark, events, late, rejected, filtered, unknown_keys, outbox_seq, owner, updated_at)
        VALUES ('levels', 1, '{Topic}', 0, 'readings', 1, 0, {watermark}, 0, 0, 0, 0, 0, 0, '', now())
        ON CONFLICT (pipeline, generation, topic_id, partition) DO UPDATE SET watermark = excluded.watermark
        """);

    private static Task RowAsync(CheckpointBench bench, string kind, string start, string end) => ExecuteAsync(bench, $"""
        INSERT INTO window_results (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version)
        VALUES ('levels', 1, '{Topic}', 0, '{kind}', false, {start}, {end}, 'k', 1, 1, 1, 1, 0, true, 1)
        """);

    private static async Task<IReadOnlyList<string>> KindsAsync(CheckpointBench bench) =>
        [.. (await bench.RowsAsync("SELECT window_name FROM window_results ORDER BY window_name")).Select(row => row.Trim('(', ')'))];

    private static async Task ExecuteAsync(CheckpointBench bench, string sql)
    {
        await using var command = bench.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
