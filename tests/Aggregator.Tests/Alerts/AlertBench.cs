using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Npgsql;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Checkpoints;
using Streaming.Aggregator.Consuming;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.References;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>A database of one test, a pipeline with alert rules, and a log of sales that instances read and write checkpoints of.</summary>
internal sealed class AlertBench : IAsyncDisposable
{
    /// <summary>At the start of a minute.</summary>
    public static readonly long T0 = DateTimeOffset.Parse("2026-03-01T12:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public static readonly PipelineDefinition Pipeline = Streaming.Aggregator.Pipelines.Pipeline.Named("watched", "Watched")
        .From(Topics.Sales, SaleEvents.Json)
        .KeyedByRecord("store")
        .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(5))
        .Measures(m => m.Count().Of("amount", sale => sale.Amount).Sum())
        .Alert(AlertRules.When("big", "amount_sum").In("1m").Above(100).Severity(AlertSeverity.Critical).Message("{key} sold {value}"))
        .Alert(AlertRules.When("silent").In("1m").NoEvents())
        .Alert(AlertRules.When("drop", "amount_sum").In("1m").DropsBy(0.5, previous: 2).For(TimeSpan.FromMinutes(2)))
        .Define();

    private AlertBench(NpgsqlDataSource database) => Database = database;

    public NpgsqlDataSource Database { get; }

    public InputPartition P0 { get; init; } = new(Pipeline.Name, 1, Guid.NewGuid(), "sales", 0);

    public static async Task<AlertBench> CreateAsync(PostgresFixture postgres) => new(NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync()));

    /// <summary>Claims the partition and gives its reader.</summary>
    public async Task<PartitionReader> ClaimAsync(string owner = "a", InputPartition? partition = null) => new(
        Pipeline, await new ClaimStore(Database, owner).ClaimAsync(partition ?? P0, 0, Pipeline.Windows, Pipeline.Measures, CancellationToken.None), new KnownKeys());

    /// <summary>Reads the records from the reader's offset on, up to <paramref name="end"/>.</summary>
    public static void Read(PartitionReader reader, IReadOnlyList<StoreSale> log, int? end = null)
    {
        for (var offset = (int)reader.ReadOffset; offset < (end ?? log.Count); offset++)
        {
            reader.Read(Record(offset, log[offset]));
        }
    }

    /// <summary>Takes a checkpoint and writes it.</summary>
    public async Task<PartitionChange> WriteAsync(PartitionReader reader, string owner = "a", bool hasWebhook = true, int? dieAfterStep = null)
    {
        var change = reader.TakeChange(endOffset: null);
        await using var store = new CheckpointStore(Database, owner)
        {
            HasWebhook = hasWebhook,
            AfterStep = step => _ = step == dieAfterStep ? throw new DiedException() : 0,
        };
        var versions = await store.WriteAsync([change], traceParent: null, Task.CompletedTask, CancellationToken.None);
        reader.Committed(versions[0], change.ToOffset);
        return change;
    }

    /// <summary>A sale so many seconds after <see cref="T0"/>.</summary>
    public static StoreSale Sale(string store, double second, int amount = 10) => new(store, amount, T0 + (long)(second * 1000));

    /// <summary>The rows that a query gives, each as one text of its columns.</summary>
    public async Task<IReadOnlyList<string>> RowsAsync(string query)
    {
        await using var command = Database.CreateCommand($"SELECT q::text FROM ({query}) q");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0).Replace("\"", "", StringComparison.Ordinal));
        }

        return rows;
    }

    /// <summary>Transitions in order of time: <c>(firing,silent,a,12:02:00)</c>.</summary>
    public Task<IReadOnlyList<string>> TransitionsAsync() => RowsAsync(
        "SELECT transition, rule, group_key, (at AT TIME ZONE 'UTC')::time AS time, value, threshold FROM alerts ORDER BY at, rule COLLATE \"C\", group_key COLLATE \"C\"");

    /// <summary>Everything that a checkpoint writes of alerts, as text, but no versions and clocks.</summary>
    public async Task<string> DumpAsync() => string.Join('\n', [
        .. await RowsAsync("SELECT rule, group_key, is_firing, state FROM alert_states ORDER BY 1, 2"),
        .. await RowsAsync("SELECT rule, group_key, at, transition, severity, window_name, window_start, window_end, value, threshold, message FROM alerts ORDER BY at, rule, group_key"),
        .. await RowsAsync("SELECT seq, key, value FROM outbox WHERE topic = 'alerts' ORDER BY seq"),
        .. await RowsAsync("SELECT idempotency_key, body FROM webhook_deliveries ORDER BY 1")]);

    public async Task<IReadOnlyList<AlertEvent>> OutboxAsync()
    {
        await using var command = Database.CreateCommand("SELECT value FROM outbox WHERE topic = 'alerts' ORDER BY seq");
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<AlertEvent>();
        while (await reader.ReadAsync())
        {
            events.Add(AlertEventJson.Decode(reader.GetFieldValue<byte[]>(0)));
        }

        return events;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();

    private static ConsumeResult<byte[], byte[]> Record(int offset, StoreSale sale) => new()
    {
        Topic = "sales",
        Partition = 0,
        Offset = offset,
        Message = new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(sale.StoreId),
            Value = StoreSaleJson.Encode(sale),
            Timestamp = new Timestamp(sale.SaleTs + 500, TimestampType.LogAppendTime),
        },
    };

    public sealed class DiedException : Exception;
}
