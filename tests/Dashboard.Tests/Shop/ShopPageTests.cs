using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Shop;
using static Streaming.Dashboard.Tests.Samples;
using static Streaming.Dashboard.Tests.Shop.ShopSamples;

namespace Streaming.Dashboard.Tests.Shop;

/// <summary>The shop's page out of a database, as a browser's first request gets it, and its feed.</summary>
[Collection(SharedDatabase.Name)]
public sealed class ShopPageTests(DatabaseServer server) : IAsyncLifetime
{
    private const string Evil = "<script>alert('price')</script>";

    private readonly WebApplicationFactory<Program> _plain = new();
    private WebApplicationFactory<Program> _application = null!;
    private HttpClient _client = null!;
    private SeededShop _shop = null!;

    public async Task InitializeAsync()
    {
        var database = await server.MigratedAsync();
        _application = _plain.WithWebHostBuilder(host => host.UseSetting("ConnectionStrings:streaming", database));
        _client = _application.CreateClient();
        _shop = new SeededShop(database);
    }

    public async Task DisposeAsync()
    {
        await _shop.DisposeAsync();
        _client.Dispose();
        await _application.DisposeAsync();
        await _plain.DisposeAsync();
    }

    [Fact]
    public async Task The_page_shows_tiles_ticker_movers_history_and_shares_and_markup_is_text()
    {
        await _shop.DefineAsync();
        var rows = new[] { Row(0, "lamp", [(8000, 10_000)], final: false), Row(0, Evil, [(101, 100)], final: false) };
        await _shop.Prices.CheckpointAsync(0, Minute(0).AddSeconds(30), rows);
        await _shop.Prices.CheckpointAsync(0, Minute(0).AddSeconds(30), [Row(0, "lamp", [(8000, 10_000)], final: false, pane: true), Row(0, Evil, [(101, 100)], final: false, pane: true)], window: ShopFeed.Quarter);
        await _shop.Categories.CheckpointAsync(0, Minute(0).AddSeconds(30), [Share(0, "<i>Lighting</i>", 2, 1)]);
        await _shop.EventAsync(5, Minute(0), "lamp", Body("lamp", 8000, 10_000, name: "Lamp <b>&"));
        await _shop.EventAsync(6, Minute(0), Evil, Body(Evil, 101, 100, known: false), late: true);
        await _shop.EventAsync(7, Minute(0), "odd", "{}"u8.ToArray());

        var html = Readable(await _client.GetStringAsync("/shop"));

        Assert.Contains("Lamp &lt;b&gt;&amp;", html, StringComparison.Ordinal);
        Assert.Contains("−20.0 %", html, StringComparison.Ordinal);
        Assert.Contains("100.00 → 80.00 EUR in 15 min", html, StringComparison.Ordinal);
        Assert.Contains(">late</span>", html, StringComparison.Ordinal);
        Assert.Contains("cannot be read by this version", html, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;Lighting&lt;/i&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>Lighting", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_past_range_has_its_own_movers_and_the_changes_that_are_kept_of_it()
    {
        await _shop.DefineAsync();
        await _shop.Prices.CheckpointAsync(0, Minute(90), [Row(0, "lamp", [(9000, 10_000)]), Row(20, "lamp", [(5000, 9000)]), Row(60, "lamp", [(1, 5000)])]);
        await _shop.EventAsync(5, Minute(0), "lamp", Body("lamp", 9000, 10_000));
        await _shop.EventAsync(6, Minute(20), "lamp", Body("lamp", 5000, 9000));
        await _shop.EventAsync(7, Minute(60), "lamp", Body("lamp", 1, 5000));

        var html = Readable(await _client.GetStringAsync("/shop?from=2025-11-21T11:30Z&to=2025-11-21T12:30Z"));

        Assert.Contains("−50.0 %", html, StringComparison.Ordinal);
        Assert.Contains("The newest 2 of the range", html, StringComparison.Ordinal);
        Assert.Contains("past, not live", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_past_range_is_read_from_hours()
    {
        await _shop.DefineAsync();
        await _shop.Prices.CheckpointAsync(0, Minute(90), [Row(0, "lamp", [(9000, 10_000)], minutes: 60)], window: ShopFeed.Hour);

        Assert.Contains("−10.0 %", Readable(await _client.GetStringAsync("/shop?from=2025-11-01T00:00Z&to=2025-12-01T00:00Z")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?from=2015-11-21T11:30Z&to=2015-11-21T12:30Z", "No price changed in this range")]
    [InlineData("?from=2015-11-21T11:30Z&to=2025-11-21T12:30Z", "No price has changed yet")]
    [InlineData("?product=%3Cb%3Ex&find=%3Ci%3E&sort=Changes&dir=asc&page=7", "No price has changed yet")]
    public async Task Without_data_it_says_so(string query, string text)
    {
        await _shop.DefineAsync();

        Assert.Contains(text, await _client.GetStringAsync("/shop" + query), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_pipeline_it_says_how_to_start_it() =>
        Assert.Contains("dotnet run --project AppHost", await _client.GetStringAsync("/shop"), StringComparison.Ordinal);

    [Fact]
    public async Task A_product_that_is_not_there_is_told_and_breaks_nothing()
    {
        await _shop.DefineAsync();
        await _shop.Prices.CheckpointAsync(0, Minute(0).AddSeconds(30), [Row(0, "lamp", [(8000, 10_000)], final: false)]);

        var html = await _client.GetStringAsync("/shop?product=%3Cb%3Enope");

        Assert.Contains("No change of this product lies in this range", html, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;nope", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switched_off_it_says_how_to_switch_it_on()
    {
        await using var off = _application.WithWebHostBuilder(host => host.UseSetting("Scenarios", "sales"));
        using var client = off.CreateClient();

        Assert.Contains("The shop is switched off", await client.GetStringAsync("/shop"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_products_are_one_page_of_ten()
    {
        await _shop.DefineAsync();
        await _shop.Prices.CheckpointAsync(0, Minute(90), [.. Enumerable.Range(0, 10_000).Select(i => Row(0, $"p{i}", [(100 + i, 100)]))]);

        // A first request waits two seconds for figures; a busy machine needs more for so many rows.
        var html = "";
        for (var attempt = 0; attempt < 20 && !html.Contains("10,000", StringComparison.Ordinal); attempt++)
        {
            html = Readable(await _client.GetStringAsync("/shop?from=2025-11-21T11:30Z&to=2025-11-21T12:30Z"));
        }

        Assert.Contains("10,000", html, StringComparison.Ordinal);
        Assert.True(html.Length < 1_000_000, $"{html.Length} characters");
    }

    [Fact]
    public async Task The_feed_brings_each_change_once_and_watchers_share_it()
    {
        await _shop.DefineAsync();
        await _shop.Prices.CheckpointAsync(0, Minute(0).AddSeconds(30), [Row(0, "lamp", [(8000, 10_000)], final: false)]);
        await _shop.EventAsync(1, Minute(0), "lamp", Body("lamp", 8000, 10_000));
        var feed = _application.Services.GetRequiredService<ShopFeed>();
        using var one = feed.Live.Subscribe();
        using var other = feed.Live.Subscribe();
        await UntilAsync(one, shop => shop.Ticker.Ticks.Length == 1);

        await _shop.EventAsync(2, Minute(0), "lamp", Body("lamp", 8100, 8000));
        await _shop.Prices.CheckpointAsync(0, Minute(0).AddSeconds(31), []);

        var shop = await UntilAsync(one, snapshot => snapshot.Ticker.Ticks.Length == 2);
        Assert.Equal([2, 1], shop.Ticker.Ticks.Select(tick => tick.Place.Offset));
        Assert.Same(shop.Ticker, (await UntilAsync(other, snapshot => snapshot.Ticker.Ticks.Length == 2)).Ticker);
        Assert.Equal("Lamp", shop.Labels["lamp"].Name);
    }

    private static async Task<ShopSnapshot> UntilAsync(Subscription<ShopSnapshot> subscription, Func<ShopSnapshot, bool> isThere)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await subscription.NextAsync(bound.Token) is var shop && isThere(shop))
            {
                return shop;
            }
        }
    }

    private static string Readable(string html) => html.Replace("&#x2212;", "−", StringComparison.Ordinal).Replace("&#x2192;", "→", StringComparison.Ordinal);
}
