using System.Net;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Streaming.Contracts.Measures;
using Streaming.Dashboard.Components.Vitals;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Tests.Components;
using Streaming.Dashboard.Tests.Pipelines;
using Streaming.Dashboard.Vitals;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;
using static Streaming.Dashboard.Tests.Vitals.VitalsSamples;

namespace Streaming.Dashboard.Tests.Vitals;

[Collection(SharedDatabase.Name)]
public sealed class VitalsPageTests(DatabaseServer server)
{
    [Fact]
    public async Task The_page_answers_the_four_questions_and_shows_topology_instances_and_partitions()
    {
        var database = await server.MigratedAsync();
        await using var pipeline = new SeededPipeline(database);
        await pipeline.DefineAsync(Description());
        await pipeline.CheckpointAsync(0, DateTimeOffset.UtcNow.AddSeconds(-5), []);
        await InsertAsync(database, "aggregator:<b>1", "now()");
        await InsertAsync(database, "aggregator:2", "now() - interval '130 seconds'");
        await using var plain = new WebApplicationFactory<Program>();
        await using var application = plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", database));
        using var client = application.CreateClient();

        var html = WebUtility.HtmlDecode(await client.GetStringAsync("/pipeline"));

        // 799 ms: the sketch tells 800 ms to within 0.78 %.
        foreach (var expected in new[] { "Is it keeping up?", "Is it right?", "Is it fast?", "Is it healthy?", "Topology of By country", "799 / 799 / 799 ms", "silent for 2 min", "pipeline/by-country" })
        {
            Assert.Contains(expected, html, StringComparison.Ordinal);
        }

        Assert.Contains("There is no pipeline “nowhere” here", WebUtility.HtmlDecode(await client.GetStringAsync("/pipeline/nowhere")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_figures_are_dashes_and_markup_is_text()
    {
        var info = Info(Description() with { Title = "<script>x" });
        var html = await Markup.OfAsync<VitalsView>(parameters: [("Snapshot", Snapshot(VitalsOf(info, null)))]);

        Assert.DoesNotContain("<script>x", html, StringComparison.Ordinal);
        Assert.Contains("Not known yet", html, StringComparison.Ordinal);
        Assert.DoesNotContain(">0<", html, StringComparison.Ordinal);
        Assert.Contains("No instance has said how it runs", html, StringComparison.Ordinal);
        Assert.Contains("No checkpoint yet", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_instance_shows_its_counts_and_no_durations_of_then()
    {
        var info = Info(Description(), Partition(0, Minute(-1)));
        var html = await Markup.OfAsync<VitalsView>(parameters: [("Snapshot", Snapshot(VitalsOf(info, 4, Instance(heardSecondsAgo: 60, failures: 77, eventToCommit: Sketch(123)))))]);

        Assert.Contains("silent for 1 min", html, StringComparison.Ordinal);
        Assert.Contains(">77<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("123 /", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FeedCondition.Starting, "Loading")]
    [InlineData(FeedCondition.WaitingForTables, "No pipeline yet")]
    [InlineData(FeedCondition.Reconnecting, "Reconnecting.")]
    public async Task Each_state_is_told(FeedCondition condition, string told)
    {
        var html = await Markup.OfAsync<VitalsView>(parameters: [("Snapshot", VitalsSnapshot.Empty.With(condition, Noon, "Lost."))]);

        Assert.Contains(told, html, StringComparison.Ordinal);
    }

    private static async Task InsertAsync(string database, string instance, string updated)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { Pooling = false });
        await using var command = source.CreateCommand($"""
            INSERT INTO instance_figures (pipeline, generation, instance, started_at, updated_at, partitions, stopped_partitions, is_paused, lag, open_windows, state_bytes,
              events, late, rejected, filtered, refused_partitions, refused_events, checkpoints, checkpoint_failures, connections_lost, event_to_commit, checkpoint_duration)
            VALUES ('by-country', 1, $1, now(), {updated}, 3, 0, false, 5, 2, 1000, 10, 0, 0, 0, 0, 0, 5, 0, 0, $2, $3)
            """);
        command.Parameters.AddWithValue(instance);
        command.Parameters.AddWithValue(Sketch(800).Encode());
        command.Parameters.AddWithValue(new QuantileSketch().Encode());
        await command.ExecuteNonQueryAsync();
    }
}
