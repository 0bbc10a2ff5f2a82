using Confluent.Kafka;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Xunit;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Memory;

/// <summary>One partition whose memory is emptied after every checkpoint and which is claimed again and again, beside one that keeps everything in memory.</summary>
[Collection(PostgresTests.Name)]
public sealed class EvictionEquivalence(PostgresFixture postgres)
{
    private const int Records = 4000;
    private const int Keys = 1000;
    private static readonly long T0 = new DateTimeOffset(2026, 3, 29, 0, 59, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static TheoryData<string> Pipelines => ["columns", "sketches"];

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task Rows_outputs_and_alerts_are_those_of_a_partition_that_holds_everything_in_memory(string name)
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        var pipeline = name == "columns" ? OfColumns() : OfSketches();
        var records = Random(seed: 7);
        await using var kept = new EvictingPartition(bench, pipeline, bench.P0);
        await using var evicted = new EvictingPartition(bench, pipeline, bench.P1, maxClaimBytes: 1);

        await ReadAsync(kept, records, round => round % 10 == 9 ? kept.CheckpointAsync() : Task.CompletedTask);
        await ReadAsync(evicted, records, async round =>
        {
            await evicted.BringAsync();
            await evicted.CheckpointAsync(failingStep: round % 5 == 4 ? 3 : 0);
            evicted.Reader.Evict(1);
            if (round % 7 == 6)
            {
                await evicted.ClaimAsync();
            }
        });

        Assert.Equal(0, kept.StoredClosings);
        Assert.True(evicted.StoredClosings > 20, $"Only {evicted.StoredClosings} windows closed from stored rows.");
        Assert.True(evicted.Recalled > 1000, $"Only {evicted.Recalled} rows were loaded again.");
        foreach (var query in Queries())
        {
            var expected = await RowsAsync(bench, query, 0);
            // After days of silence the rules have forgotten every key; and where an event has a day it is never late.
            Assert.True(expected.Count > 0 || query.Contains("alert_states", StringComparison.Ordinal) || query.Contains("sales-late", StringComparison.Ordinal), query);
            Assert.Equal(expected, await RowsAsync(bench, query, 1));
        }

        Assert.Equal(["(t)", "(t)"], await bench.RowsAsync(
            "SELECT outbox_seq = (SELECT max(seq) FROM outbox o WHERE o.partition = c.partition) AND outbox_seq = (SELECT count(*) FROM outbox o WHERE o.partition = c.partition) FROM checkpoints c"));
    }

    private static async Task ReadAsync(EvictingPartition partition, List<ConsumeResult<byte[], byte[]>> records, Func<int, Task> betweenRounds)
    {
        await partition.ClaimAsync();
        for (var round = 0; partition.Reader.ReadOffset < records.Count; round++)
        {
            foreach (var record in records.Skip((int)partition.Reader.ReadOffset).Take(100))
            {
                partition.Reader.Read(record);
            }

            await betweenRounds(round);
        }

        await partition.FinishAsync();
    }

    private static IEnumerable<string> Queries() =>
    [
        "SELECT window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, encode(state, 'hex') FROM window_results WHERE partition = {0} ORDER BY 1, 2, 3, 4, 5",
        "SELECT topic, key, value FROM outbox WHERE partition = {0} AND topic = 'sales-aggregate' ORDER BY seq",
        "SELECT topic, key, value FROM outbox WHERE partition = {0} AND topic = 'sales-late' ORDER BY seq",
        "SELECT rule, group_key, at, transition, window_start, value, threshold FROM alerts WHERE partition = {0} ORDER BY 1, 2, 3, 4",
        "SELECT rule, group_key, is_firing, state FROM alert_states WHERE partition = {0} ORDER BY 1, 2",
        "SELECT next_offset, watermark, outbox_seq, events, late, rejected, filtered FROM checkpoints WHERE partition = {0}",
    ];

    private static Task<IReadOnlyList<string>> RowsAsync(CheckpointBench bench, string query, int partition) =>
        bench.RowsAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, query, partition));

    // Every key a few times in two minutes of event time, a third of it out of order, some late; then a jump over everything, and one event behind it.
    private static List<ConsumeResult<byte[], byte[]>> Random(int seed)
    {
        var random = new Random(seed);
        var records = new List<ConsumeResult<byte[], byte[]>>();
        for (var i = 0; i < Records; i++)
        {
            var time = T0 + (120_000L * i / Records) - (random.Next(10) switch { 0 => random.Next(40_000), < 4 => random.Next(5_000), _ => 0 });
            records.Add(EvictingPartition.Sale(i, $"store-{random.Next(Keys)}", random.Next(1, 500), time));
        }

        long[] after = [T0 + 200_000, T0 + 1_200_000, T0 + (3 * 86_400_000L)];
        records.AddRange(after.Select((time, i) => EvictingPartition.Sale(Records + i, "store-1", 1, time)));
        return records;
    }

    private static PipelineDefinition OfColumns() => Keyed("columns")
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromSeconds(20)), WindowSpecs.Hopping(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20)),
            WindowSpecs.Session(TimeSpan.FromSeconds(12)), WindowSpecs.Days("Europe/Zurich"))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(5), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Sum().Min().Max())
        .To(Topics.SalesAggregate)
        .PutAside(Topics.SalesLate, Topics.SalesDeadLetter)
        .Alert(AlertRules.When("silent").In("20s").NoEvents())
        .Alert(AlertRules.When("high", "amount_sum").In("40s/20s").Above(600))
        .Alert(AlertRules.When("change", "amount_sum").In("20s").ChangesBy(0.5, previous: 2))
        .Define();

    private static PipelineDefinition OfSketches() => Keyed("sketches")
        .Windows(
            WindowSpecs.Tumbling(TimeSpan.FromSeconds(30)), WindowSpecs.Cumulative(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20)),
            WindowSpecs.Session(TimeSpan.FromSeconds(12)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(5), futureBound: TimeSpan.FromMinutes(1))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Sum().P50().Last())
        .To(Topics.SalesAggregate)
        .PutAside(Topics.SalesLate, Topics.SalesDeadLetter)
        .Alert(AlertRules.When("high", "amount_p50").In("30s").Above(400))
        .Define();

    private static PipelineBuilder<Sale> Keyed(string name) => Definition.Named(name, name).From(Topics.Sales, SaleEvents.Json).KeyedByRecord("store");
}
