using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Aggregator.Tests.Windowing;
using Streaming.Aggregator.Windowing;
using Xunit;

namespace Streaming.Aggregator.Tests.Checkpoints;

[Collection(PostgresTests.Name)]
public sealed class OutboxNumberTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Outbox_numbers_have_no_gaps_under_two_writers_that_take_the_partition_from_each_other()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);

        var written = await Task.WhenAll(WriteAsync(bench, "a"), WriteAsync(bench, "b"));

        var numbers = await bench.RowsAsync("SELECT seq FROM outbox ORDER BY seq");
        Assert.Equal(Enumerable.Range(1, written.Sum()).Select(n => $"({n})"), numbers);
        Assert.Equal([$"({written.Sum()})"], await bench.RowsAsync("SELECT outbox_seq FROM checkpoints"));
    }

    /// <summary>Claims, writes until fenced, claims again. Returns how many messages were committed.</summary>
    private static async Task<int> WriteAsync(CheckpointBench bench, string owner)
    {
        var random = new Random(owner[0]);
        var committed = 0;
        await using var store = new CheckpointStore(bench.Database, owner);
        for (var round = 0; round < 20; round++)
        {
            var claim = await bench.ClaimAsync(bench.P0, owner);
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                var change = CheckpointBench.Change(claim, 1, OneNumber.Engine(CheckpointBench.Windows).TakeChanges(), outgoing: random.Next(0, 4));
                try
                {
                    var version = Assert.Single(await store.WriteAsync([change], null, Task.CompletedTask, CancellationToken.None));
                    committed += change.Outgoing.Count;
                    claim = claim with { Version = version, NextOffset = change.ToOffset };
                }
                catch (PartitionClaimedException)
                {
                    break;
                }
            }
        }

        return committed;
    }

    [Fact]
    public async Task Notification_names_the_pipeline_and_the_partitions_after_the_commit()
    {
        await using var bench = await CheckpointBench.CreateAsync(postgres);
        await using var listener = await bench.Database.OpenConnectionAsync();
        var heard = new List<string>();
        listener.Notification += (_, e) => heard.Add(e.Payload);
        await new NpgsqlCommand("LISTEN streaming_checkpoints", listener).ExecuteNonQueryAsync();
        var (p0, p1) = (await bench.ClaimAsync(bench.P0), await bench.ClaimAsync(bench.P1));

        await bench.WriteAsync("a", CheckpointBench.Sales(p1, "tokyo-1", 0), CheckpointBench.Sales(p0, "zurich-1", 0));
        await listener.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal($$"""{"pipeline":"sales-by-store","topicId":"{{bench.P0.TopicId}}","partitions":[0,1]}""", Assert.Single(heard));
    }
}
