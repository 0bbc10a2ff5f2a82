using Npgsql;
using Streaming.Dashboard.Feed;
using Streaming.Embedded.Postgres;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Feed;

[Collection(SharedDatabase.Name)]
public class WindowFeedTests(DatabaseServer server)
{
    [Fact]
    public async Task A_notified_checkpoint_is_pushed_without_waiting_for_the_poll()
    {
        var database = await server.MigratedAsync();
        await using var sales = new SeededSales(database);
        await sales.PipelineAsync();
        await sales.StoreAsync("a", "Shop A");
        await using var feed = await FeedHarness.StartAsync(database);
        await feed.LiveAsync();

        await sales.CheckpointAsync(0, [Window(0, "a", 3, 30, final: false)]);
        await feed.UntilAsync(s => Count(s) == 3);
        var version = await sales.CheckpointAsync(0, [Window(0, "a", 5, 50)]);
        var snapshot = await feed.UntilAsync(s => Count(s) == 5);

        var window = Assert.Single(snapshot.Windows[Noon].Values);
        Assert.Equal((version, true, 50m), (window.Version, window.IsFinal, window.Sum));
        Assert.Equal("Shop A", snapshot.Store("a").Name);
        Assert.Equal(version, snapshot.Partitions.Single().Version);
    }

    [Fact]
    public async Task A_checkpoint_whose_notification_was_missed_is_caught_up_by_the_poll()
    {
        var database = await server.MigratedAsync();
        await using var sales = new SeededSales(database);
        await sales.PipelineAsync();
        await using var feed = await FeedHarness.StartAsync(database, TimeSpan.FromMilliseconds(100));
        await feed.LiveAsync();

        await sales.CheckpointAsync(0, [Window(0, "a", 3)], notify: false);

        await feed.UntilAsync(s => Count(s) == 3);
    }

    [Fact]
    public async Task Only_rows_beyond_the_cursors_are_asked_for()
    {
        var database = await server.MigratedAsync();
        await using var sales = new SeededSales(database);
        await sales.PipelineAsync();
        await sales.CheckpointAsync(0, [Window(0, "a", 3), Window(1, "a", 4)]);
        await sales.CheckpointAsync(1, [Window(1, "b", 1, partition: 1)]);
        await using var source = NpgsqlDataSource.Create(database);
        var reader = new FeedReader(source, Microsoft.Extensions.Options.Options.Create(new DashboardOptions()));
        var state = new FeedState(TimeSpan.FromHours(2), 100);
        state.Apply(await reader.ReadAsync(state.Cursor, CancellationToken.None), Noon);

        await sales.CheckpointAsync(0, [Window(1, "a", 9)]);
        var changes = await reader.ReadAsync(state.Cursor, CancellationToken.None);

        Assert.Equal(("a", 9, Minute(1)), (Assert.Single(changes.Windows).StoreId, changes.Windows[0].Count, changes.Windows[0].Start));
    }

    [Fact]
    public async Task A_switch_of_the_generation_loads_the_new_one_whole()
    {
        var database = await server.MigratedAsync();
        await using var first = new SeededSales(database);
        await first.PipelineAsync();
        await using var feed = await FeedHarness.StartAsync(database);
        await first.CheckpointAsync(0, [Window(0, "a", 3), Window(1, "a", 3)]);
        await feed.UntilAsync(s => Count(s) == 6);

        await using var second = new SeededSales(database, generation: 2);
        await second.CheckpointAsync(0, [Window(0, "a", 100)], notify: false);
        await second.PipelineAsync();
        await second.CheckpointAsync(0, []);

        var snapshot = await feed.UntilAsync(s => s.Generation == 2 && Count(s) > 0);
        Assert.Equal(100, Count(snapshot));
    }

    [Fact]
    public async Task Two_hundred_browsers_cost_one_question_per_checkpoint()
    {
        var database = await server.MigratedAsync();
        await using var sales = new SeededSales(database);
        await sales.PipelineAsync();
        await using var feed = await FeedHarness.StartAsync(database);
        await feed.LiveAsync();
        var before = feed.Questions;

        var browsers = Enumerable.Range(0, 200).Select(_ => feed.UntilAsync(s => Count(s) == 3)).ToList();
        await sales.CheckpointAsync(0, [Window(0, "a", 3)]);
        await Task.WhenAll(browsers);

        Assert.Equal(1, feed.Questions - before);
    }

    [Fact]
    public async Task Before_the_tables_exist_the_feed_waits_for_them()
    {
        var database = await server.EmptyAsync();
        await using var feed = await FeedHarness.StartAsync(database, TimeSpan.FromMilliseconds(100));
        await feed.UntilAsync(s => s.Health.Condition == FeedCondition.WaitingForTables);

        await DatabaseServer.MigrateAsync(database);

        Assert.Null((await feed.LiveAsync()).Generation);
    }

    [Fact]
    public async Task A_server_that_was_restarted_is_found_again_with_what_it_learned_meanwhile()
    {
        var folder = Path.Combine(Path.GetTempPath(), "dashboard-restart-" + Guid.NewGuid().ToString("N"));
        var postgres = await PostgresServer.StartAsync(new PostgresOptions { DataDirectory = folder, Fsync = false });
        var (database, port) = (postgres.ConnectionString, postgres.Port);
        try
        {
            await DatabaseServer.MigrateAsync(database);
            await using var sales = new SeededSales(database);
            await sales.PipelineAsync();
            await sales.CheckpointAsync(0, [Window(0, "a", 3)]);
            await using var feed = await FeedHarness.StartAsync(database);
            await feed.UntilAsync(s => Count(s) == 3);

            await postgres.DisposeAsync();
            var lost = await feed.UntilAsync(s => s.Health.Condition == FeedCondition.Reconnecting);
            Assert.Equal(3, Count(lost));

            postgres = await PostgresServer.StartAsync(new PostgresOptions { DataDirectory = folder, Port = port, Fsync = false });
            await sales.CheckpointAsync(0, [Window(0, "a", 8)]);
            var found = await feed.UntilAsync(s => Count(s) == 8);
            Assert.Equal(FeedCondition.Live, found.Health.Condition);
        }
        finally
        {
            await postgres.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Count(FeedSnapshot snapshot) => snapshot.Windows.Values.Sum(minute => minute.Values.Sum(w => w.Count));
}
