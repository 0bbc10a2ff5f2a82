using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Alerts;
using Streaming.Dashboard.Api;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Tests.Pipelines;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Alerts;

[Collection(SharedDatabase.Name)]
public sealed class AlertFeedTests(DatabaseServer server) : IAsyncLifetime
{
    private NpgsqlDataSource _database = null!;
    private SeededPipeline _pipeline = null!;
    private AlertHistory _reader = null!;

    public async Task InitializeAsync()
    {
        var connection = await server.MigratedAsync();
        _database = NpgsqlDataSource.Create(connection);
        _reader = new AlertHistory(_database);
        _pipeline = new SeededPipeline(connection);
        await _pipeline.DefineAsync(PipelineSamples.Description());
    }

    public async Task DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_fires_stands_above_what_is_over_and_each_is_newest_first()
    {
        await _pipeline.TransitionAsync("r", "old", Minute(1), fires: true);
        await _pipeline.TransitionAsync("r", "over", Minute(3), fires: true);
        await _pipeline.TransitionAsync("r", "over", Minute(5), fires: false);
        await _pipeline.TransitionAsync("r", "new", Minute(2), fires: true);
        await _pipeline.TransitionAsync("r", "over earlier", Minute(0), fires: true);
        await _pipeline.TransitionAsync("r", "over earlier", Minute(9), fires: false);

        var (count, rows) = await _reader.NowAsync(CancellationToken.None);

        Assert.Equal(2, count);
        Assert.Equal(["new", "old", "over", "over earlier"], rows.Select(row => row.Key));
        Assert.Equal([null, null, Minute(5), Minute(9)], rows.Select(row => row.ResolvedAt));
        Assert.Equal("By country", rows[0].PipelineTitle);
    }

    [Fact]
    public async Task An_alert_that_fires_again_is_two_of_which_one_is_over()
    {
        await _pipeline.TransitionAsync("r", "k", Minute(1), fires: true);
        await _pipeline.TransitionAsync("r", "k", Minute(2), fires: false);
        await _pipeline.TransitionAsync("r", "k", Minute(3), fires: true);

        var (count, rows) = await _reader.NowAsync(CancellationToken.None);

        Assert.Equal(1, count);
        Assert.Equal([(Minute(3), true), (Minute(1), false)], rows.Select(row => (row.Since!.Value, row.IsFiring)));
    }

    [Fact]
    public async Task What_fired_for_a_topic_that_was_deleted_and_made_anew_does_not_fire_for_ever()
    {
        var pipelines = new PipelineReader(_database, Options.Create(new DashboardOptions()));
        var api = new AlertReader(_database);
        var question = new AlertQuestion(null, null, null, FiringOnly: true, Minute(0), Minute(9), null, 10);
        async Task<(long, bool, int, int)> FiringAsync()
        {
            var (count, rows) = await _reader.NowAsync(CancellationToken.None);
            var changes = await pipelines.ReadAsync("by-country", null, PipelineCursor.Start, CancellationToken.None);
            return (count, rows.Single().IsFiring, changes.Alerts.FiringCount, (await api.ReadAsync(question, CancellationToken.None)).Items.Count);
        }

        await _pipeline.CheckpointAsync(0, Minute(1), []);
        await _pipeline.TransitionAsync("r", "k", Minute(1), fires: true);
        Assert.Equal((1, true, 1, 1), await FiringAsync());

        await _pipeline.CheckpointAsync(0, Minute(2), [], topic: new Guid("22222222-2222-2222-2222-222222222222"));
        Assert.Equal((0, false, 0, 0), await FiringAsync());
    }

    [Fact]
    public async Task Of_a_past_range_those_that_began_in_it_are_read()
    {
        await _pipeline.TransitionAsync("r", "before", Minute(-1), fires: true);
        await _pipeline.TransitionAsync("r", "in", Minute(1), fires: true);
        await _pipeline.TransitionAsync("r", "after", Minute(10), fires: true);

        Assert.Equal("in", Assert.Single(await _reader.PastAsync(Minute(0), Minute(10), CancellationToken.None)).Key);
    }

    [Fact]
    public async Task A_new_alert_is_pushed_and_silence_is_not()
    {
        var options = Options.Create(new DashboardOptions { PollInterval = TimeSpan.FromMilliseconds(100), MinReadInterval = TimeSpan.Zero });
        var time = new CountingTime();
        await using var feed = new AlertFeed(_database, _reader, options, time, NullLogger<AlertFeed>.Instance);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var subscription = feed.Live.Subscribe();
        AlertsSnapshot first;
        while ((first = await subscription.NextAsync(bound.Token)).FiringCount is null)
        {
        }

        Assert.Equal(0, first.FiringCount);
        var next = subscription.NextAsync(bound.Token).AsTask();
        for (var (seen, wanted) = (time.Reads, time.Reads + 3); seen < wanted; seen = time.Reads)
        {
            await Task.Delay(20, bound.Token);
        }

        Assert.False(next.IsCompleted);
        await _pipeline.TransitionAsync("r", "k", Minute(1), fires: true);
        var second = await next;
        Assert.Equal((1, "k"), (second.FiringCount, second.Rows.Single().Key));
    }

    /// <summary>Each answer of the database is given the time at which it was read.</summary>
    private sealed class CountingTime : TimeProvider
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Increment(ref _reads);
            return base.GetUtcNow();
        }
    }
}
