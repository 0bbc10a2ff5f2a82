using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Windows;
using Xunit;
using Definition = Streaming.Aggregator.Pipelines.Pipeline;

namespace Streaming.Aggregator.Tests.Memory;

/// <summary>Many more open windows and sessions than memory is to hold.</summary>
[Collection(PostgresAlone.Name)]
public sealed class BoundedMemory(PostgresFixture postgres)
{
    private const int Keys = 100_000;
    private const int Again = 10_000;

    /// <summary>What everything open would take is some 110 MB; where the sessions lie, which cannot be evicted, takes 5 MB.</summary>
    private const long Bound = 8 << 20;

    /// <summary>What is read between two looks at the memory, and what of it is stored and has to be loaded.</summary>
    private const int AtOnce = 2000;
    private const long Slack = AtOnce * 4 * 600L;

    private static readonly long T0 = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    [Fact]
    public async Task Open_panes_and_sessions_of_100_000_keys_fit_into_8_MiB_and_come_out_right()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await using var partition = new EvictingPartition(bench, Define(), bench.P0, maxClaimBytes: Bound / 32);
        await partition.ClaimAsync();
        var heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        long offset = 0, most = 0, mostHeap = 0, looks = 0;

        // Every key once, then some again while all of their windows are open, then all windows close at once.
        await ReadAsync(Enumerable.Range(0, Keys).Select(key => (Key: key, TimeMs: T0 + key / 10)));
        await partition.FinishAsync();
        await partition.ClaimAsync();
        await ReadAsync(Enumerable.Range(0, Again).Select(i => (Key: i * 7 % Keys, TimeMs: T0 + 20_000 + i / 10)));
        await ReadAsync([(0, T0 + 600_000)]);
        await partition.FinishAsync();

        Assert.InRange(most, Bound / 2, Bound + Slack);
        // A wide margin: what other tests have left is in this process too.
        Assert.InRange(mostHeap - heapBefore, long.MinValue, 80 << 20);
        Assert.Equal(
            ["(20s/10s,t,1,1)", $"(20s/10s,f,{2 * (Keys + Again)},{2 * (Keys + Again)})", $"(session-1m,f,{Keys},{Keys + Again})", "(session-1m,f,1,1)"],
            await bench.RowsAsync("SELECT window_name, is_pane, count(*), sum(count) FROM window_results GROUP BY window_name, is_pane, is_final ORDER BY window_name, is_pane DESC, is_final DESC"));

        async Task ReadAsync(IEnumerable<(int Key, long TimeMs)> events)
        {
            foreach (var some in events.Chunk(AtOnce))
            {
                foreach (var (key, timeMs) in some)
                {
                    partition.Reader.Read(EvictingPartition.Sale(offset++, $"store-{key}", 1, timeMs));
                }

                await partition.BringAsync();
                Look();
                if (partition.Reader.StateBytes > Bound || partition.Reader.MustTake)
                {
                    await partition.CheckpointAsync();
                    partition.Reader.Evict(Bound);
                    Look();
                }
            }
        }

        void Look()
        {
            most = Math.Max(most, partition.Reader.StateBytes);
            if (looks++ % 10 == 0)
            {
                mostHeap = Math.Max(mostHeap, GC.GetTotalMemory(forceFullCollection: true));
            }
        }
    }

    private static PipelineDefinition Define() => Definition.Named("many", "Many").From(Topics.Sales, SaleEvents.Json).KeyedByRecord("store")
        .Windows(WindowSpecs.Hopping(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10)), WindowSpecs.Session(TimeSpan.FromMinutes(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(60))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Sum())
        .Define();
}
