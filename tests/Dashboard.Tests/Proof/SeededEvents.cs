using Npgsql;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Tests.Pipelines;

namespace Streaming.Dashboard.Tests.Proof;

/// <summary>A sale as a test makes it: partition and offset say when it was read, <paramref name="At"/> when it happened.</summary>
internal sealed record Sale(int Partition, long Offset, DateTimeOffset At, string Country, long Amount);

/// <summary>Counts sales as the rules of docs/semantics.md say, the slow way, and writes what an Aggregator would have: windows, progress, raw events.</summary>
internal sealed class SeededEvents(string connectionString) : IAsyncDisposable
{
    public static readonly TimeSpan OutOfOrderness = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);
    private readonly SeededPipeline _pipeline = new(connectionString, "sales-by-country");

    public NpgsqlDataSource Database => _database;

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Writes the windows of these sales, taken in the order of their offsets in each partition.</summary>
    /// <param name="sales">All sales.</param>
    /// <param name="kept">Which of them are kept raw; null for all.</param>
    /// <param name="marks">Idle marks: partition, offset before which they apply, watermark.</param>
    public async Task WriteAsync(IReadOnlyList<Sale> sales, Func<Sale, bool>? kept = null, params (int Partition, long Offset, DateTimeOffset Watermark)[] marks)
    {
        await _pipeline.DefineAsync(PipelineSamples.Description() with { Name = "sales-by-country", OutOfOrderness = OutOfOrderness, Grace = Grace });
        foreach (var partition in sales.GroupBy(sale => sale.Partition))
        {
            var (rows, watermark) = Windows(partition.Key, [.. partition.OrderBy(sale => sale.Offset)], [.. marks.Where(mark => mark.Partition == partition.Key)]);
            await _pipeline.CheckpointAsync(partition.Key, watermark, rows);
            foreach (var row in rows.Where(row => row.Late > 0))
            {
                await RunAsync("UPDATE window_results SET late = $1 WHERE partition = $2 AND window_start = $3 AND group_key = $4", row.Late, partition.Key, row.Window.Start.UtcDateTime, row.Id.Key);
            }
        }

        foreach (var (partition, offset, watermark) in marks)
        {
            await RunAsync("INSERT INTO idle_marks (pipeline, generation, topic_id, partition, next_offset, watermark) VALUES ('sales-by-country', 1, $1, $2, $3, $4)", Samples.Topic, partition, offset, watermark.UtcDateTime);
        }

        foreach (var sale in sales.Where(sale => kept?.Invoke(sale) != false))
        {
            await RunAsync("""
                INSERT INTO events (pipeline, generation, topic_id, partition, "offset", event_time, group_key, is_late, "values", body, version)
                VALUES ('sales-by-country', 1, $1, $2, $3, $4, $5, false, ARRAY[$6::bigint, NULL], NULL, 1)
                """, Samples.Topic, sale.Partition, sale.Offset, sale.At.UtcDateTime, sale.Country, sale.Amount);
        }
    }

    public async Task<int> RunAsync(string sql, params object[] values)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteNonQueryAsync();
    }

    private static (List<StoredRow> Rows, DateTimeOffset Watermark) Windows(int partition, IReadOnlyList<Sale> sales, IReadOnlyList<(int Partition, long Offset, DateTimeOffset Watermark)> marks)
    {
        var watermark = DateTimeOffset.MinValue;
        var windows = new Dictionary<(DateTimeOffset Start, string Country), (List<long> Amounts, long Late)>();
        foreach (var sale in sales)
        {
            watermark = Later(watermark, marks.Where(mark => mark.Offset <= sale.Offset).Select(mark => mark.Watermark).DefaultIfEmpty().Max());
            var start = new DateTimeOffset(sale.At.UtcTicks - (sale.At.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
            var (amounts, late) = windows.GetValueOrDefault((start, sale.Country), ([], 0));
            if (watermark >= start + TimeSpan.FromMinutes(1) + Grace)
            {
                windows[(start, sale.Country)] = (amounts, late + 1);
            }
            else
            {
                amounts.Add(sale.Amount);
                windows[(start, sale.Country)] = (amounts, late);
            }

            watermark = Later(watermark, sale.At - OutOfOrderness);
        }

        return ([.. windows.Where(w => w.Value.Amounts.Count > 0).Select(w => PipelineSamples.Row(0, w.Key.Country, [.. w.Value.Amounts], partition) with
        {
            Window = Window.Between(w.Key.Start, w.Key.Start.AddMinutes(1)), Late = w.Value.Late, IsFinal = watermark >= w.Key.Start.AddMinutes(1) + Grace,
        })], watermark);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
