using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using static Streaming.Aggregator.Tests.Alerts.AlertBench;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>Alerts through reader, checkpoint and claim, on a real PostgreSQL.</summary>
[Collection(PostgresTests.Name)]
public sealed class AlertCheckpointTests(PostgresFixture postgres)
{
    /// <summary>Store a sells much in its first minute and is silent in its third; store b, always there, moves the watermark.</summary>
    private static readonly StoreSale[] Log = [
        Sale("a", 1, 120), Sale("b", 2), Sale("a", 61), Sale("b", 62), Sale("b", 122), Sale("b", 182), Sale("a", 190), Sale("b", 242), Sale("b", 302), Sale("b", 362)];

    private static readonly string[] Found = [
        "(firing,big,a,12:01:00,120,100)", "(resolved,big,a,12:02:00,10,100)", "(firing,silent,a,12:03:00,,)", "(resolved,silent,a,12:04:00,,)",
        "(firing,silent,a,12:05:00,,)"];

    [Fact]
    public async Task Checkpoint_writes_states_transitions_messages_and_deliveries()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        AlertBench.Read(reader, Log);

        var change = await bench.WriteAsync(reader);

        Assert.Equal(Found, await bench.TransitionsAsync());
        Assert.Equal(Found.Length, change.Alerts.Events.Count);
        Assert.Equal(change.Alerts.Events, await bench.OutboxAsync());
        Assert.Equal(
            change.Alerts.Events.Select(e => $"({e.Id},{System.Text.Encoding.UTF8.GetString(AlertEventJson.Encode(e)).Replace("\"", "", StringComparison.Ordinal)})").Order(StringComparer.Ordinal),
            (await bench.RowsAsync("SELECT idempotency_key, body FROM webhook_deliveries")).Select(row => row.Replace("\\", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("(drop,a,f)", await bench.RowsAsync("SELECT rule, group_key, is_firing FROM alert_states"));
        Assert.Contains("(silent,a,t)", await bench.RowsAsync("SELECT rule, group_key, is_firing FROM alert_states"));
    }

    [Fact]
    public async Task Event_says_all_that_a_receiver_needs()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        AlertBench.Read(reader, Log);

        await bench.WriteAsync(reader);

        var first = (await bench.OutboxAsync())[0];
        var at = DateTimeOffset.FromUnixTimeMilliseconds(T0).AddMinutes(1);
        Assert.Equal(
            new AlertEvent(first.Id, "watched", 1, "big", "a", "firing", at, "critical", "1m", at.AddMinutes(-1), at, 120, 100, "a sold 120"), first);
        Assert.Matches("^[0-9a-f]{32}-[0-9]{15}-firing$", first.Id);
        Assert.Equal(["watched/big/a"], await bench.RowsAsync("SELECT convert_from(key, 'UTF8') FROM outbox WHERE topic = 'alerts' ORDER BY seq LIMIT 1").ContinueWith(
            rows => rows.Result.Select(row => row.Trim('(', ')')), TaskScheduler.Default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Death_after_a_step_before_the_commit_leaves_nothing_and_the_next_owner_finds_the_same(int step)
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        AlertBench.Read(reader, Log, end: 3);
        await bench.WriteAsync(reader);
        var before = await bench.DumpAsync();
        AlertBench.Read(reader, Log);

        await Assert.ThrowsAsync<DiedException>(() => bench.WriteAsync(reader, dieAfterStep: step));

        Assert.Equal(before, await bench.DumpAsync());
        var next = await bench.ClaimAsync("b");
        AlertBench.Read(next, Log);
        await bench.WriteAsync(next, "b");
        Assert.Equal(Found, await bench.TransitionsAsync());
    }

    [Fact]
    public async Task Death_after_the_commit_leaves_everything_and_the_next_owner_finds_nothing_again()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        AlertBench.Read(reader, Log);
        await Assert.ThrowsAsync<DiedException>(() => bench.WriteAsync(reader, dieAfterStep: 5));
        var after = await bench.DumpAsync();

        var next = await bench.ClaimAsync("b");
        AlertBench.Read(next, Log);
        await bench.WriteAsync(next, "b");

        Assert.Equal(Found, await bench.TransitionsAsync());
        Assert.Equal(after, await bench.DumpAsync());
    }

    [Fact]
    public async Task Alert_that_fires_is_resolved_by_the_owner_that_claims_it()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var first = await bench.ClaimAsync();
        AlertBench.Read(first, Log, end: 5);
        await bench.WriteAsync(first);
        Assert.Equal(["(firing,big,a,12:01:00,120,100)"], await bench.TransitionsAsync());

        var second = await bench.ClaimAsync("b");
        AlertBench.Read(second, Log);
        await bench.WriteAsync(second, "b");

        Assert.Equal(Found, await bench.TransitionsAsync());
        Assert.Empty(await bench.RowsAsync("SELECT 1 FROM alert_states WHERE rule = 'big'"));
    }

    [Fact]
    public async Task Zombie_writes_no_alert()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var zombie = await bench.ClaimAsync("a");
        AlertBench.Read(zombie, Log);
        await bench.ClaimAsync("b");
        var before = await bench.DumpAsync();

        await Assert.ThrowsAsync<PartitionClaimedException>(() => bench.WriteAsync(zombie, "a"));

        Assert.Equal(before, await bench.DumpAsync());
    }

    [Fact]
    public async Task Idle_mark_that_jumps_by_a_month_makes_silent_keys_fire_and_be_forgotten_once()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        AlertBench.Read(reader, [Sale("a", 1), Sale("b", 61)]);
        reader.Mark(T0 + (30L * 86_400_000));

        await bench.WriteAsync(reader);

        Assert.Equal(
            ["(firing,silent,a,12:02:00,,)", "(firing,silent,b,12:03:00,,)", "(resolved,silent,a,12:01:00,,)", "(resolved,silent,b,12:02:00,,)"],
            await bench.TransitionsAsync());
        Assert.Empty(await bench.RowsAsync("SELECT 1 FROM alert_states"));
    }

    [Fact]
    public async Task Nothing_is_to_be_posted_where_no_webhook_is_configured()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        var reader = await bench.ClaimAsync();
        AlertBench.Read(reader, Log);

        await bench.WriteAsync(reader, hasWebhook: false);

        Assert.Equal(Found.Length, (await bench.OutboxAsync()).Count);
        Assert.Empty(await bench.RowsAsync("SELECT 1 FROM webhook_deliveries"));
    }

    [Fact]
    public async Task Replay_beside_the_active_generation_finds_the_same_ids_and_posts_nothing()
    {
        await using var bench = await AlertBench.CreateAsync(postgres);
        await bench.ExecuteAsync("INSERT INTO pipelines (name, generation, is_paused, created_at) VALUES ('watched', 1, false, now())");
        var first = await bench.ClaimAsync();
        AlertBench.Read(first, Log);
        var change = await bench.WriteAsync(first);

        var replay = await bench.ClaimAsync("b", bench.P0 with { Generation = 2 });
        AlertBench.Read(replay, Log);
        var again = await bench.WriteAsync(replay, "b");

        Assert.Equal(change.Alerts.Events, again.Alerts.Events.Select(e => e with { Generation = 1 }));
        Assert.Equal(Found.Length, (await bench.RowsAsync("SELECT 1 FROM webhook_deliveries")).Count);
        Assert.Equal(2 * Found.Length, (await bench.RowsAsync("SELECT 1 FROM alerts")).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_checkpoints_crashes_and_claims_leave_what_one_checkpoint_leaves(int seed)
    {
        var topic = Guid.NewGuid();
        await using var once = await AlertBench.CreateAsync(postgres);
        await using var cut = await AlertBench.CreateAsync(postgres);
        var log = RandomLog(seed);
        var reader = await once.ClaimAsync(partition: once.P0 with { TopicId = topic });
        AlertBench.Read(reader, log);
        await once.WriteAsync(reader);

#pragma warning disable CA5394 // Reproducible, not unpredictable.
        var random = new Random(seed);
        var partition = cut.P0 with { TopicId = topic };
        reader = await cut.ClaimAsync(partition: partition);
        while (reader.CommittedOffset < log.Count)
        {
            AlertBench.Read(reader, log, Math.Min(log.Count, (int)reader.ReadOffset + random.Next(1, 40)));
            int? death = random.Next(3) == 0 ? random.Next(1, 6) : null;
            try
            {
                await cut.WriteAsync(reader, dieAfterStep: death);
            }
            catch (DiedException)
            {
                reader = await cut.ClaimAsync(partition: partition);
            }
        }
#pragma warning restore CA5394

        Assert.Equal(await once.DumpAsync(), await cut.DumpAsync(), ignoreLineEndingDifferences: false);
        Assert.NotEmpty(await once.TransitionsAsync());
    }

    private static List<StoreSale> RandomLog(int seed)
    {
#pragma warning disable CA5394 // Reproducible, not unpredictable.
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 300)
            .Select(i => (Second: i * 7.0, Store: $"s{random.Next(5)}"))
            .Where(e => e.Store != "s3" || e.Second % 600 < 200)
            .Select(e => Sale(e.Store, e.Second + random.Next(0, 4), random.Next(1, 60)))];
#pragma warning restore CA5394
    }
}
