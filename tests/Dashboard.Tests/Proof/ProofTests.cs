using Microsoft.Extensions.Options;
using Streaming.Dashboard.Components.Sales;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Proof;
using Streaming.Dashboard.Tests.Components;

namespace Streaming.Dashboard.Tests.Proof;

[Collection(SharedDatabase.Name)]
public sealed class ProofTests(DatabaseServer server) : IAsyncLifetime
{
    // By the clock, because raw events are kept for an hour by the clock. Minute 0 is half an hour ago.
    private static readonly DateTimeOffset Zero = ProofRange.Floor(DateTimeOffset.UtcNow) - TimeSpan.FromMinutes(30);

    private SeededEvents _seeded = null!;
    private ProofReader _reader = null!;

    public async Task InitializeAsync()
    {
        _seeded = new SeededEvents(await server.MigratedAsync());
        var options = Options.Create(new DashboardOptions());
        _reader = new ProofReader(_seeded.Database, new PipelineReader(_seeded.Database, options), options);
    }

    public async Task DisposeAsync() => await _seeded.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Both_ways_agree_on_every_minute_also_about_late_events_in_several_partitions(int seed)
    {
        var sales = Random(seed, 1_500);
        await _seeded.WriteAsync(sales);

        var table = await _reader.NewestAsync(ProofFeed.Minutes, CancellationToken.None);

        Assert.InRange(table.Minutes.Length, 9, 12);
        Assert.Equal((table.Minutes.Length, 0), (table.Compared, table.Differing));
        Assert.All(table.Minutes.SelectMany(m => m.Cells), cell => Assert.Equal(default, cell.Difference));
        Assert.Equal(sales.Count, table.Minutes.Sum(m => m.Database.Count + m.Database.Late));
        Assert.True(table.Minutes.Sum(m => m.Stream.Late) > 0, "the samples hold no late sale");
        Assert.Equal([ProofState.AgreesSoFar, ProofState.Agrees], table.Minutes.Select(m => m.State).Distinct());
    }

    [Fact]
    public async Task An_idle_mark_makes_late_what_comes_after_it_and_nothing_before()
    {
        await _seeded.WriteAsync(
            [Sale(0, 0, 5), Sale(0, 1, 6), Sale(0, 2, 7), Sale(0, 3, 200)], null, (0, 2, Zero.AddSeconds(71)));

        var table = await _reader.NewestAsync(ProofFeed.Minutes, CancellationToken.None);

        Assert.Equal(0, table.Differing);
        Assert.Equal((2, 1), (table.Minutes[^1].Database.Count, table.Minutes[^1].Database.Late));
    }

    /// <summary>The window closes when the watermark reaches its end and grace: 60 + 10 s, so at an event of 75 s; that event itself is read before.</summary>
    [Theory]
    [InlineData(74.999, 0)]
    [InlineData(75, 1)]
    public async Task A_window_closes_at_the_very_millisecond(double closingSeconds, long late)
    {
        await _seeded.WriteAsync([Sale(0, 0, 5), Sale(0, 1, closingSeconds), Sale(0, 2, 59.999)]);

        var table = await _reader.NewestAsync(ProofFeed.Minutes, CancellationToken.None);

        Assert.Equal(0, table.Differing);
        Assert.Equal((late, late), (table.Minutes[^1].Database.Late, table.Minutes[^1].Stream.Late));
    }

    [Theory]
    [InlineData("""UPDATE events SET "values"[1] = "values"[1] + 1 WHERE "offset" = 40 AND partition = 0""")]
    [InlineData("""DELETE FROM events WHERE "offset" = 40 AND partition = 0""")]
    [InlineData("UPDATE window_results SET sum = sum + 1 WHERE (partition, window_start, group_key) = (SELECT partition, window_start, group_key FROM window_results ORDER BY window_start DESC OFFSET 9 LIMIT 1)")]
    [InlineData("UPDATE events SET group_key = CASE group_key WHEN 'CH' THEN 'DE' ELSE 'CH' END WHERE \"offset\" = 40 AND partition = 0")]
    public async Task A_row_that_was_tampered_with_marks_its_minute_and_no_other(string tamper)
    {
        await _seeded.WriteAsync(Random(4, 800));
        Assert.Equal(1, await _seeded.RunAsync(tamper));

        var table = await _reader.NewestAsync(ProofFeed.Minutes, CancellationToken.None);
        var html = await Markup.OfAsync<ProofMinutes>(parameters: [("Table", table), ("Problem", null)]);

        Assert.Equal(1, table.Differing);
        Assert.Contains("1 minute differs", html, StringComparison.Ordinal);
        Assert.Single(html.Split("proof-differs").Skip(1));
    }

    [Fact]
    public async Task Without_raw_events_nothing_is_compared_and_the_page_says_so()
    {
        await _seeded.WriteAsync(Random(5, 200), _ => false);

        var table = await _reader.NewestAsync(ProofFeed.Minutes, CancellationToken.None);
        var html = await Markup.OfAsync<ProofMinutes>(parameters: [("Table", table), ("Problem", null)]);

        Assert.Null(table.KeptFrom);
        Assert.Contains("Aggregator:KeepEvents", html, StringComparison.Ordinal);
        Assert.DoesNotContain("differ", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Minutes_from_before_events_were_kept_or_after_it_was_switched_off_are_no_difference()
    {
        var sales = Random(6, 1_500);
        await _seeded.WriteAsync(sales, sale => sale.Offset is > 150 and < 350);

        var table = await _reader.NewestAsync(ProofFeed.Minutes, CancellationToken.None);

        Assert.Equal(0, table.Differing);
        Assert.InRange(table.Compared, 1, table.Minutes.Length - 1);
        Assert.Contains(table.Minutes, m => m.State == ProofState.NotKept);
    }

    [Fact]
    public async Task A_past_range_is_compared_where_its_events_are_kept_and_nothing_of_ten_years_ago()
    {
        await _seeded.WriteAsync(Random(7, 600));

        Assert.Equal(3, (await _reader.PastAsync(Zero.AddMinutes(2), Zero.AddMinutes(5), CancellationToken.None)).Compared);
        var long_ago = await _reader.PastAsync(Zero.AddYears(-10), Zero.AddYears(-10).AddDays(31), CancellationToken.None);
        Assert.Empty(long_ago.Minutes);
        Assert.NotNull(long_ago.KeptFrom);
    }

    [Fact]
    public async Task Before_the_pipeline_is_there_the_page_says_so()
    {
        var table = await _reader.NewestAsync(ProofFeed.Minutes, CancellationToken.None);

        Assert.Same(ProofTable.Nothing, table);
        Assert.Contains("does not run", await Markup.OfAsync<ProofMinutes>(parameters: [("Table", table), ("Problem", null)]), StringComparison.Ordinal);
    }

    private static Sale Sale(int partition, long offset, double seconds) => new(partition, offset, Zero.AddSeconds(seconds), "CH", 100);

    /// <summary>Ten minutes of sales in three partitions; one in ten is out of order, one in thirty late.</summary>
    private static List<Sale> Random(int seed, int count)
    {
        var random = new Random(seed);
        var next = new long[3];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var partition = random.Next(3);
            var behind = random.Next(30) == 0 ? random.Next(60_000, 200_000) : random.Next(10) == 0 ? random.Next(6_000) : 0;
            var at = Zero.AddMilliseconds(Math.Max(0, (600_000L * i / count) - behind));
            return new Sale(partition, next[partition]++, at, random.Next(3) switch { 0 => "CH", 1 => "DE", _ => "<b>" }, random.Next(1, 1_000_000));
        })];
    }
}
