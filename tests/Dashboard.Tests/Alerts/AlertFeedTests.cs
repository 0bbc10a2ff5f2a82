using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Alerts;
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
        await using var feed = new AlertFeed(_database, _reader, options, TimeProvider.System, NullLogger<AlertFeed>.Instance);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var subscription = feed.Live.Subscribe();
        AlertsSnapshot first;
        while ((first = await subscription.NextAsync(bound.Token)).FiringCount is null)
        {
        }

        Assert.Equal(0, first.FiringCount);
        await _pipeline.TransitionAsync("r", "k", Minute(1), fires: true);
        var second = await subscription.NextAsync(bound.Token);

        // Between the two it was read many times, and nothing was pushed.
        Assert.Equal((1, "k"), (second.FiringCount, second.Rows.Single().Key));
    }
}
