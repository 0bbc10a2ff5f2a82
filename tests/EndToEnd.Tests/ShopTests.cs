using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using Microsoft.Playwright;
using Npgsql;
using Streaming.EndToEnd.Tests.App;
using Streaming.EndToEnd.Tests.Browser;
using Streaming.Tests.Oracle;
using Streaming.Tests.Oracle.Shop;

namespace Streaming.EndToEnd.Tests;

/// <summary>The online shop from its topics to the page, against what a plain consumer recomputes from the topics.</summary>
[Collection(AllScenarios.Name)]
public sealed partial class ShopTests(RunningApp app, OneBrowser browser)
{
    private const string Pipeline = "prices-by-product";
    private const int BoundMs = 60_000;

    [Fact]
    public async Task Each_good_change_is_published_once_and_in_order_with_what_is_known_of_its_product()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await CountedAsync(12_000, bound.Token);

        var published = Published();
        var sent = TopicReader.ReadAll(app.Kafka, "prices").Select(Sent).OfType<(string Product, long Price, long Time)>().ToLookup(change => change.Product, change => (change.Price, change.Time));
        var products = TopicReader.ReadAll(app.Kafka, "products").ToDictionary(record => Text(record.Message.Key), record =>
        {
            using var json = JsonDocument.Parse(record.Message.Value);
            return (json.RootElement.GetProperty("name").GetString(), json.RootElement.GetProperty("category").GetString());
        });

        foreach (var product in published.GroupBy(price => price.Product))
        {
            var changes = product.OrderBy(price => price.Offset).Select(price => (price.Price, price.Time)).ToList();
            Assert.Equal(sent[product.Key].Take(changes.Count), changes);
            Assert.All(product, price => Assert.Equal(products.GetValueOrDefault(product.Key, ("unknown", "unknown")), (price.Name, price.Category)));
        }

        Assert.Contains(published, price => price.Category == "unknown");
    }

    [Fact]
    public async Task Minutes_per_product_equal_an_independent_recount_of_the_published_changes()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await CountedAsync(12_000, bound.Token);

        // First the rows, then the topic: it holds everything that they were made of.
        var (rows, nextOffsets, marks) = await MinutesAsync(bound.Token);
        var expected = new PriceRecount(Published().Where(price => price.Offset < nextOffsets[price.Partition]), marks);

        Assert.Equal(
            expected.Windows.Where(window => window.Key.Kind == "1m").Select(window => $"{window.Key.Product} {window.Key.Start} {window.Value.Count} {window.Value.Min} {window.Value.Max}").Order(StringComparer.Ordinal),
            rows.Order(StringComparer.Ordinal));
        Assert.NotEmpty(expected.LateForMinute);
        Assert.NotEmpty(expected.Rejected);
    }

    [Fact]
    public async Task The_page_of_a_past_range_shows_the_changes_and_the_biggest_mover_that_a_recount_finds()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await CountedAsync(12_000, bound.Token);
        var newest = Published().Where(price => !price.IsForeign && price.Time <= price.Appended).Max(price => price.Time);
        var to = DateTimeOffset.FromUnixTimeMilliseconds(newest - (newest % 60_000)).AddMinutes(-2);
        var from = to.AddMinutes(-8);

        var html = await Eventually.GetAsync(
            () => PageAsync(from, to, bound.Token), page => page.Contains("Table of movers", StringComparison.Ordinal), "the page of a past range", TimeSpan.FromSeconds(60), bound.Token);

        // Those minutes are closed: what comes for them now is late and changes nothing.
        var recount = new PriceRecount(Published());
        var moves = PriceMove.Of(recount.Accepted.Except(recount.LateForMinute), from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        Assert.Contains($"{Number(moves.Sum(move => move.Changes))} in 8 min", html, StringComparison.Ordinal);
        Assert.Contains($">{moves.Count}<", html, StringComparison.Ordinal);
        var biggest = moves.Where(move => move.Distance >= moves[0].Distance).Select(move => $"{move.Name}: {Money(move.Opening)} → {Money(move.Last)} {move.Currency} in 8 min");
        Assert.Contains(biggest, text => html.Contains(text, StringComparison.Ordinal));
    }

    [BrowserFact]
    public async Task The_ticker_runs_without_a_reload_and_a_product_can_be_chosen_by_its_address()
    {
        await using var open = await browser.OpenAsync(app.Dashboard, "shop");
        var page = open.Page;

        var newest = page.Locator(".tick").First;
        await Assertions.Expect(newest).ToHaveTextAsync(ChangeText(), new() { Timeout = BoundMs });
        var first = await newest.InnerTextAsync();
        await Assertions.Expect(newest).Not.ToHaveTextAsync(first, new() { Timeout = BoundMs });

        // The first row's link: the history of that product, by its address.
        var table = page.GetByRole(AriaRole.Region, new() { Name = "Table of movers" });
        var link = await table.Locator("tbody tr a").First.GetAttributeAsync("href");
        await page.GotoAsync(new Uri(app.Dashboard, link!).ToString());
        var history = page.GetByRole(AriaRole.Region, new() { Name = "Price history" });
        await Assertions.Expect(history.Locator("svg").First).ToBeVisibleAsync(new() { Timeout = BoundMs });
        await Assertions.Expect(history.GetByRole(AriaRole.Button, new() { Name = "Biggest mover" })).ToBeVisibleAsync(new() { Timeout = BoundMs });
        Assert.Empty(open.Errors);
    }

    private List<PublishedPrice> Published() => [.. TopicReader.ReadAll(app.Kafka, "prices-enriched").Select(record => PublishedPrice.From(record!))];

    private async Task CountedAsync(long events, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await Eventually.GetAsync(
            async () => Convert.ToInt64(await new NpgsqlCommand($"SELECT coalesce(sum(events), 0)::bigint FROM checkpoints WHERE pipeline = '{Pipeline}'", connection).ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture),
            counted => counted >= events, $"{events} price changes are counted", TimeSpan.FromSeconds(120), cancellationToken);
    }

    private async Task<(List<string> Rows, Dictionary<int, long> NextOffsets, List<(int, long, long)> Marks)> MinutesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var rows = await ReadAsync(
            connection,
            "SELECT group_key || ' ' || (extract(epoch FROM window_start) * 1000)::bigint || ' ' || count || ' ' || min || ' ' || max FROM window_results WHERE pipeline = $1 AND window_name = '1m'",
            row => row.GetString(0), cancellationToken);
        var next = await ReadAsync(connection, "SELECT partition, next_offset FROM checkpoints WHERE pipeline = $1", row => (row.GetInt32(0), row.GetInt64(1)), cancellationToken);
        var marks = await ReadAsync(
            connection, "SELECT partition, next_offset, watermark FROM idle_marks WHERE pipeline = $1",
            row => (row.GetInt32(0), row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds()), cancellationToken);
        return (rows, next.ToDictionary(), marks);
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = Pipeline });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await app.App.GetConnectionStringAsync("streaming", cancellationToken)) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private async Task<string> PageAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        using var client = app.App.CreateHttpClient("dashboard");
        return WebUtility.HtmlDecode(await client.GetStringAsync($"shop?from={from.UtcDateTime:yyyy-MM-dd'T'HH:mm}Z&to={to.UtcDateTime:yyyy-MM-dd'T'HH:mm}Z", cancellationToken));
    }

    /// <summary>A record of <c>prices</c> that is a price change, read with a general JSON reader; null when it is none.</summary>
    private static (string Product, long Price, long Time)? Sent(ConsumeResult<byte[], byte[]> record)
    {
        try
        {
            using var json = JsonDocument.Parse(record.Message.Value);
            var e = json.RootElement;
            var (product, price, time) = (e.GetProperty("product_id").GetString()!, e.GetProperty("price_minor").GetInt64(), e.GetProperty("changed_at").GetInt64());
            return product == Text(record.Message.Key) && price >= 0 && e.GetProperty("currency").GetString() is "EUR" or "CHF" or "GBP" or "USD" ? (product, price, time) : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static string Text(byte[] utf8) => System.Text.Encoding.UTF8.GetString(utf8);

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Money(long minor) => (minor / 100m).ToString("#,0.00", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d\d:\d\d:\d\d[\s\S]+(EUR|CHF|GBP|USD)")]
    private static partial Regex ChangeText();
}
