using Microsoft.AspNetCore.Components.QuickGrid;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Queries;
using Streaming.Dashboard.Views;
using Streaming.Data;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Queries;

[Collection(SharedDatabase.Name)]
public class PastQueryTests(DatabaseServer server) : IAsyncLifetime
{
    private SeededSales _sales = null!;
    private string _database = "";
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        _database = await server.MigratedAsync();
        _sales = new SeededSales(_database);
        await _sales.PipelineAsync();
        await _sales.StoreAsync("a", "Alpha", currency: "CHF");
        await _sales.StoreAsync("b", "Beta", "Paris", "EUR");
        _services = new ServiceCollection().AddDbContext<StreamingDbContext>(options => options.UseNpgsql(_database)).BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await _sales.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task A_past_range_is_summed_per_slot_and_store_with_the_time_before_it()
    {
        await _sales.CheckpointAsync(0, [Window(-120, "a", 7, 70), Window(0, "a", 1, 10), Window(1, "a", 2, 20, late: 3), Window(1, "b", 4, 40, final: false), Window(120, "a", 99)]);

        var period = await Past().ReadAsync(Noon, Minute(120), CancellationToken.None);

        Assert.Equal((60, TimeSpan.FromMinutes(2)), (period.Slots.Length, period.SlotLength));
        Assert.Equal((7, 3), (period.Count, period.Late));
        Assert.Equal([("a", 3, 30m, true), ("b", 4, 40m, false)], period.Slots[0].Stores.OrderBy(s => s.StoreId).Select(s => (s.StoreId, (int)s.Count, s.Sum, s.IsFinal)));
        Assert.Equal(7, period.Previous!.Count);
    }

    [Fact]
    public async Task A_range_with_too_many_figures_is_refused_and_not_cut()
    {
        await _sales.CheckpointAsync(0, [Window(0, "a", 1), Window(1, "a", 2), Window(2, "a", 2)]);

        await Assert.ThrowsAsync<RangeTooLargeException>(() => Past(most: 2).ReadAsync(Noon, Minute(5), CancellationToken.None));
    }

    [Fact]
    public async Task Windows_are_sorted_and_cut_into_pages_by_the_database()
    {
        await _sales.CheckpointAsync(0, Enumerable.Range(0, 10).Select(i => Window(i, i % 2 == 0 ? "a" : "b", count: (i * 7) % 10, sum: i)));
        var view = new ViewState { From = Noon, To = Minute(10) };

        var page = await Pages().PastAsync(view, Request(GridSort<WindowRow>.ByAscending(r => r.Count), ascending: false, start: 3, count: 3));

        Assert.Equal(10, page.TotalItemCount);
        Assert.Equal([6, 5, 4], page.Items.Select(r => (int)r.Count));
    }

    [Fact]
    public async Task Pages_of_equal_keys_hold_each_window_once()
    {
        await _sales.CheckpointAsync(0, Enumerable.Range(0, 12).Select(i => Window(i / 3, $"s{i % 3}", count: 5)));
        var view = new ViewState { From = Noon, To = Minute(10) };
        var sort = GridSort<WindowRow>.ByAscending(r => r.Count);

        var rows = new List<(DateTime, string)>();
        for (var start = 0; start < 12; start += 5)
        {
            rows.AddRange((await Pages().PastAsync(view, Request(sort, ascending: true, start, count: 5))).Items.Select(r => (r.Start, r.StoreId)));
        }

        Assert.Equal(12, rows.Distinct().Count());
    }

    [Fact]
    public async Task Past_and_live_pages_of_the_same_windows_are_equal()
    {
        SalesWindow[] windows = [Window(0, "a", 3, 30), Window(1, "ghost", 2, 9), Window(1, "a", 0, late: 2), Window(2, "b", 8, 84, final: false)];
        await _sales.CheckpointAsync(0, windows);
        var snapshot = Snapshot(windows, null, Store("a", "CHF", "Alpha") with { City = "Zürich" }, Store("b", "EUR", "Beta") with { City = "Paris" });
        var request = Request(GridSort<WindowRow>.ByAscending(r => r.Name), ascending: true, start: 0, count: 10);

        var past = await Pages().PastAsync(new ViewState { From = Minute(-12), To = Minute(3) }, request);
        var live = WindowPages.Live(snapshot, new ViewState(), request);

        Assert.Equal(live.Items, past.Items);
        Assert.Contains(past.Items, r => r is { StoreId: "ghost", City: "unknown store", IsKnown: false });
        Assert.Contains(past.Items, r => r is { Count: 0, Mean: null, Min: null, Late: 2 });
    }

    [Fact]
    public async Task A_filter_by_store_shows_its_windows_only()
    {
        await _sales.CheckpointAsync(0, [Window(0, "a", 3), Window(0, "b", 2)]);

        var page = await Pages().PastAsync(new ViewState { From = Noon, To = Minute(3), Store = "b" }, Request(null, false, 0, 10));

        Assert.Equal("Beta", Assert.Single(page.Items).Name);
    }

    [Fact]
    public async Task What_a_replay_does_not_cover_is_shown_from_the_former_generation()
    {
        await _sales.CheckpointAsync(0, [Window(0, "a", 1, 10), Window(1, "a", 2, 20), Window(2, "a", 3, 30)]);
        await using var second = new SeededSales(_database, generation: 2);
        await second.PipelineAsync(coversFrom: Minute(1));
        // A part of minute 0, which began before the replay's start.
        await second.CheckpointAsync(0, [Window(0, "a", 100, 1000), Window(1, "a", 200, 2000), Window(2, "a", 300, 3000)]);
        var view = new ViewState { From = Noon, To = Minute(3) };

        var period = await Past().ReadAsync(Noon, Minute(3), CancellationToken.None);
        var page = await Pages().PastAsync(view, Request(GridSort<WindowRow>.ByAscending(r => r.Start), ascending: true, start: 0, count: 10));

        Assert.Equal([1, 200, 300], period.Slots.Select(slot => (int)slot.Count));
        Assert.Equal([1, 200, 300], page.Items.Select(row => (int)row.Count));
        Assert.Equal(3, page.TotalItemCount);
    }

    [Fact]
    public async Task Only_whole_minutes_are_windows_of_the_table()
    {
        await _sales.CheckpointAsync(0, [Window(0, "a", 1)]);
        await _sales.CheckpointAsync(0, [Window(1, "a", 5)], isPane: true);
        await _sales.CheckpointAsync(0, [Window(2, "a", 7)], kind: "1h");

        var page = await Pages().PastAsync(new ViewState { From = Noon, To = Minute(5) }, Request(null, false, 0, 10));

        Assert.Equal(1, Assert.Single(page.Items).Count);
    }

    private PastSales Past(int most = 1000) => new(_services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new DashboardOptions { MaxPastRows = most }));

    private WindowPages Pages() => new(_services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new DashboardOptions()));

    private static GridItemsProviderRequest<WindowRow> Request(GridSort<WindowRow>? sort, bool ascending, int start, int count) =>
        new() { SortByColumn = sort is null ? null : new TemplateColumn<WindowRow> { SortBy = sort }, SortByAscending = ascending, StartIndex = start, Count = count };
}
