using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Pipelines;

[Collection(SharedDatabase.Name)]
public sealed class PipelineFeedTests(DatabaseServer server) : IAsyncLifetime
{
    private static readonly IOptions<DashboardOptions> Settings =
        Options.Create(new DashboardOptions { PollInterval = TimeSpan.FromMinutes(5), MinReadInterval = TimeSpan.Zero });

    private string _connection = "";
    private NpgsqlDataSource _database = null!;
    private PipelineReader _reader = null!;
    private PipelineFeeds _feeds = null!;
    private SeededPipeline _pipeline = null!;

    public async Task InitializeAsync()
    {
        _connection = await server.MigratedAsync();
        _database = NpgsqlDataSource.Create(_connection);
        _reader = new PipelineReader(_database, Settings);
        _feeds = new PipelineFeeds(_database, _reader, Settings, TimeProvider.System, NullLogger<PipelineFeeds>.Instance);
        _pipeline = new SeededPipeline(_connection);
    }

    public async Task DisposeAsync()
    {
        await _feeds.DisposeAsync();
        await _pipeline.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Checkpoints_of_all_partitions_are_pushed_merged_and_become_final()
    {
        await _pipeline.DefineAsync(Description());
        using var subscription = _feeds.Of("by-country", null).Subscribe();

        await _pipeline.CheckpointAsync(0, Minute(0).AddSeconds(50), [Row(0, "CH", [100, 200])]);
        await _pipeline.CheckpointAsync(1, Minute(2), [Row(0, "CH", [300], 1, final: true)]);
        var open = await UntilAsync(subscription, s => s.Live(15)?.Rows is [{ Basic.Count: 3 }]);
        await _pipeline.CheckpointAsync(0, Minute(2), [Row(0, "CH", [100, 200], final: true)]);
        var closed = await UntilAsync(subscription, s => s.Live(15)?.Rows is [{ IsFinal: true }]);

        Assert.False(open.Live(15)!.Rows[0].IsFinal);
        Assert.Equal("3", Texts(closed.Live(15)!.Rows[0])[4]);
    }

    [Fact]
    public async Task Panes_that_a_closed_window_leaves_behind_go_with_their_tombstones()
    {
        await _pipeline.DefineAsync(Description());
        StoredRow pane = Row(-2, "CH", [100], pane: true), later = Row(0, "CH", [200], pane: true);
        await _pipeline.CheckpointAsync(0, Minute(0), [pane, later], window: Hopping.Name);
        using var subscription = _feeds.Of("by-country", Hopping.Name).Subscribe();
        await UntilAsync(subscription, s => s.Live(15)?.Rows.Any(r => r is { Window: var w, Basic.Count: 2 } && w == Interval(-2, 3)) == true);

        await _pipeline.CheckpointAsync(0, Minute(1).AddSeconds(10), [Row(-2, "CH", [100, 200], final: true, minutes: 3)], removed: [pane], window: Hopping.Name);
        var snapshot = await UntilAsync(subscription, s => s.Live(15)?.Rows.Any(r => r.IsFinal) == true);

        Assert.Equal([(Interval(-2, 3), 2L), (Interval(-1, 3), 1L)], snapshot.Live(15)!.Rows.Where(r => r.Window.EndMs <= Minute(2).ToUnixTimeMilliseconds()).Select(r => (r.Window, r.Basic.Count)));
        Assert.Single(snapshot.Held.Values.SelectMany(rows => rows.Rows.Values), row => row.Id.IsPane);
    }

    [Fact]
    public async Task Names_that_no_windows_have_share_the_feed_of_the_first_kind_and_take_no_connection()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(0), [Row(0, "CH", [100])]);

        // One to listen, one to ask, and one more for another kind.
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_connection) { MaxPoolSize = 3, Timeout = 5 }.ConnectionString);
        await using var feeds = new PipelineFeeds(database, new PipelineReader(database, Settings), Settings, TimeProvider.System, NullLogger<PipelineFeeds>.Instance);
        var names = Enumerable.Range(0, 50).Select(i => $"{i}x").Append("1m").ToList();
        var subscriptions = names.ConvertAll(name => feeds.Of("by-country", name).Subscribe());
        foreach (var subscription in subscriptions)
        {
            Assert.Equal("1m", (await UntilAsync(subscription, s => s.Live(15)?.Rows.Length == 1)).Spec?.Name);
        }

        using var hopping = feeds.Of("by-country", Hopping.Name).Subscribe();
        await UntilAsync(hopping, s => s.Spec?.Name == Hopping.Name);
        subscriptions.ForEach(subscription => subscription.Dispose());
    }

    [Fact]
    public async Task A_new_generation_loads_anew_and_leaves_what_it_does_not_cover_to_the_former_one()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(5), [Row(0, "CH", [100]), Row(1, "CH", [100])]);
        using var subscription = _feeds.Of("by-country", null).Subscribe();
        await UntilAsync(subscription, s => s.Live(15)?.Rows.Length == 2);

        await _pipeline.DefineAsync(Description().ToJson(), generation: 2, coversFrom: Minute(1));
        await _pipeline.CheckpointAsync(0, Minute(5), [Row(0, "CH", [900], generation: 2), Row(1, "CH", [700], generation: 2)], generation: 2);
        var snapshot = await UntilAsync(subscription, s => s.Info?.Generation == 2 && s.Live(15)?.Rows.Length == 2);

        Assert.Equal([100, 700], snapshot.Live(15)!.Rows.Select(r => (int)r.Basic.Sum));
    }

    [Fact]
    public async Task Only_rows_beyond_the_cursors_are_asked_for()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(2), [Row(0, "CH", [100]), Row(1, "CH", [100])]);
        var state = new PipelineFeedState(null, 100, 1_000_000);
        state.Apply(await _reader.ReadAsync("by-country", null, state.Cursor, CancellationToken.None), Noon);
        await _pipeline.CheckpointAsync(0, Minute(2), [Row(1, "CH", [100, 200])]);

        var changes = await _reader.ReadAsync("by-country", null, state.Cursor, CancellationToken.None);

        Assert.False(changes.IsReload);
        Assert.Equal(Interval(1), Assert.Single(changes.Rows).Window);
    }

    [Fact]
    public async Task A_feed_that_nobody_watches_is_not_read()
    {
        var reads = 0;
        var gone = new TaskCompletionSource();
        await using var feed = new WatchedFeed<string>(
            "", async (publish, stop) =>
            {
                Interlocked.Increment(ref reads);
                publish("news");
                await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }, TimeSpan.Zero, TimeProvider.System, gone.SetResult);
        Assert.False(feed.IsRunning);

        using (var one = feed.Subscribe())
        using (var two = feed.Subscribe())
        {
            while (await one.NextAsync(Soon()) != "news")
            {
            }

            Assert.Equal(1, Volatile.Read(ref reads));
        }

        await gone.Task.WaitAsync(Soon());
        Assert.False(feed.IsRunning);
        using var again = feed.Subscribe();
        Assert.True(feed.IsRunning);
    }

    [Fact]
    public async Task A_past_range_is_read_merged_and_folded()
    {
        await _pipeline.DefineAsync(Description());
        await _pipeline.CheckpointAsync(0, Minute(90), [Row(0, "CH", [100]), Row(1, "CH", [300], final: true)]);
        await _pipeline.CheckpointAsync(1, Minute(90), [Row(1, "CH", [500], 1), Row(7, "DE", [1], 1)]);
        var past = new PastWindows(_database, _reader, Settings);

        var period = (await past.ReadAsync("by-country", null, Minute(0), Minute(120), CancellationToken.None))!;

        Assert.Equal(2, period.Merged);
        var cell = period.Columns[0].Cells.Single();
        Assert.Equal((3, true, "3"), (cell.Basic.Count, cell.IsFinal, Texts(cell)[4]));
        Assert.Equal([1, 0, 0, 1], period.Columns.Select(c => c.Cells.Length));
    }

    [Fact]
    public async Task The_list_has_every_pipeline_also_one_whose_definition_makes_no_sense()
    {
        await _pipeline.DefineAsync(Description());
        await using var strange = new SeededPipeline(_connection, "strange");
        await strange.DefineAsync("""{"from": "elsewhere"}""");
        using var subscription = _feeds.List.Subscribe();

        PipelineList list;
        do
        {
            list = await subscription.NextAsync(Soon());
        }
        while (list.Pipelines.IsEmpty);

        Assert.Equal([("By country", true), ("strange", false)], list.Pipelines.Select(p => (p.Title, p.Description is not null)));
    }

    private static async Task<PipelineSnapshot> UntilAsync(Subscription<PipelineSnapshot> subscription, Func<PipelineSnapshot, bool> condition)
    {
        var bound = Soon();
        while (true)
        {
            if (await subscription.NextAsync(bound) is var snapshot && condition(snapshot))
            {
                return snapshot;
            }
        }
    }

    private static CancellationToken Soon() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
}
