using Npgsql;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Outbox;
using Streaming.Aggregator.Tests.Windowing;
using Streaming.Aggregator.Windowing;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Checkpoints;

/// <summary>A database of one test, and short words for what checkpoint tests say again and again.</summary>
internal sealed class CheckpointBench : IAsyncDisposable
{
    public static readonly WindowPlan Windows = new(
        [WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))], Grace: TimeSpan.FromSeconds(5), OutOfOrderness: TimeSpan.FromSeconds(5), FutureBound: TimeSpan.FromMinutes(1));

    /// <summary>An event time at the start of a window.</summary>
    public static readonly long T0 = DateTimeOffset.Parse("2026-03-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private CheckpointBench(string connectionString)
    {
        ConnectionString = connectionString;
        Database = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public InputPartition P0 { get; } = new("sales-by-store", 1, Guid.NewGuid(), "sales", 0);

    public InputPartition P1 => P0 with { Partition = 1 };

    public static async Task<CheckpointBench> CreateAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync());

    public Task<Claim> ClaimAsync(InputPartition partition, string owner = "a", long logStart = 0, MeasurePlan? measures = null) =>
        new ClaimStore(Database, owner).ClaimAsync(partition, logStart, Windows, measures ?? OneNumber.Plan, CancellationToken.None);

    /// <summary>Claims <see cref="P0"/> with a store of the test's own.</summary>
    public Task<Claim> ClaimAsync(ClaimStore store) => store.ClaimAsync(P0, logStart: 0, Windows, OneNumber.Plan, CancellationToken.None);

    public async Task<IReadOnlyList<long>> WriteAsync(string owner, params PartitionChange[] changes)
    {
        await using var store = new CheckpointStore(Database, owner);
        return await store.WriteAsync(changes, traceParent: null, Task.CompletedTask, CancellationToken.None);
    }

    /// <summary>The changes that sales of one store at the given event times (ms after <see cref="T0"/>) make, each of amount 10.</summary>
    public static PartitionChange Sales(Claim claim, string store, params long[] times)
    {
        var engine = OneNumber.Engine(Windows, claim.WatermarkMs, claim.OpenRows);
        foreach (var time in times)
        {
            engine.Add(System.Text.Encoding.UTF8.GetBytes(store), 10, T0 + time, T0 + time);
        }

        return Change(claim, times.Length, engine.TakeChanges());
    }

    public static PartitionChange Change(Claim claim, int records, ChangeSet changes, int outgoing = 0) => new(
        claim.Partition, claim.Version, claim.NextOffset, claim.NextOffset + records, changes,
        [.. Enumerable.Range(0, outgoing).Select(i => new OutboxMessage("sales-aggregate", [1], [(byte)i], null))],
        Rejected: 0, Filtered: 0, UnknownKeys: 0, EndOffset: null, IdleMarks: []);

    /// <summary>A change that moves no offset and says nothing.</summary>
    public static PartitionChange Nothing(Claim claim) => Change(claim, 0, OneNumber.Engine(Windows, claim.WatermarkMs, claim.OpenRows).TakeChanges());

    /// <summary>The rows that a query gives, each as one text of its columns.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string query)
    {
        await using var command = Database.CreateCommand($"SELECT q::text FROM ({query}) q");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    /// <summary>Everything that a checkpoint can write, as text.</summary>
    public async Task<string> DumpAsync() => string.Join('\n', [
        .. await RowsAsync("SELECT * FROM checkpoints ORDER BY topic_id, partition"),
        .. await RowsAsync("SELECT * FROM window_results ORDER BY pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key"),
        .. await RowsAsync("SELECT * FROM outbox ORDER BY 1, 2, 3, 4, 5"),
        .. await RowsAsync("SELECT * FROM idle_marks ORDER BY 1, 2, 3, 4, 5")]);

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();
}
