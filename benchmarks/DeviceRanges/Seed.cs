using Npgsql;
using NpgsqlTypes;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Benchmarks.DeviceRanges;

/// <summary>Writes what the pipelines <c>sites</c> and <c>devices</c> leave behind after ten years.</summary>
internal sealed class Seed(NpgsqlDataSource database)
{
    private const int Partitions = 4;
    private const int Devices = 2000;

    private static readonly Guid Topic = Guid.NewGuid();
    private static readonly string[] Sites = ["oslo", "zurich", "lisbon", "cairo", "nairobi", "mumbai", "singapore", "tokyo", "perth", "denver", "lima", "cold-store"];

    private static readonly MeasurePlan SitePlan = new(
        [new FieldSpec("temperature", FieldKind.Number, 2, "°C"), new FieldSpec("device", FieldKind.Identity, 0, null)],
        [
            new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("temperature_min", MeasureKind.Min, 0), new MeasureSpec("temperature_max", MeasureKind.Max, 0),
            new MeasureSpec("temperature_mean", MeasureKind.Mean, 0), new MeasureSpec("temperature_p95", MeasureKind.Quantile, 0, 0.95), new MeasureSpec("device_distinct", MeasureKind.Distinct, 1),
        ]);

    private static readonly MeasurePlan DevicePlan = new(
        [new FieldSpec("temperature", FieldKind.Number, 2, "°C"), new FieldSpec("battery", FieldKind.Number, 1, "%")],
        [new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("temperature_last", MeasureKind.Last, 0), new MeasureSpec("battery_last", MeasureKind.Last, 1)]);

    private static readonly (TumblingWindows Windows, TimeSpan Kept)[] Levels =
    [
        (WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), TimeSpan.FromDays(2)), (WindowSpecs.Tumbling(TimeSpan.FromHours(1)), TimeSpan.FromDays(90)), (WindowSpecs.Tumbling(TimeSpan.FromDays(1)), TimeSpan.FromDays(3660)),
    ];

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private long _rows;

    /// <summary>Writes everything; returns the number of rows.</summary>
    public async Task<long> WriteAsync(CancellationToken cancellationToken)
    {
        await DefineAsync("sites", SitePlan, false, [.. Levels.Select(level => (WindowSpec)level.Windows)], Levels.ToDictionary(l => l.Windows.Name, l => l.Kept), cancellationToken);
        await DefineAsync("devices", DevicePlan, true, [WindowSpecs.Session(TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(TimeSpan.FromMinutes(2))], null, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var copy = await connection.BeginBinaryImportAsync(
            "COPY window_results (pipeline, generation, topic_id, partition, window_name, is_pane, window_start, window_end, group_key, count, sum, min, max, late, is_final, version, state) FROM STDIN (FORMAT binary)",
            cancellationToken))
        {
            await SitesAsync(copy, cancellationToken);
            await DevicesAsync(copy, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE window_results", connection) { CommandTimeout = 300 };
        await analyze.ExecuteNonQueryAsync(cancellationToken);
        return _rows;
    }

    private async Task SitesAsync(NpgsqlBinaryImporter copy, CancellationToken cancellationToken)
    {
        var states = new Dictionary<(int Site, int Partition), (BasicMeasures, byte[])>();
        for (var site = 0; site < Sites.Length; site++)
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                states[(site, partition)] = SiteState(site, partition);
            }
        }

        foreach (var (windows, kept) in Levels)
        {
            var grid = WindowGrid.Of(windows);
            var last = grid.SliceOf(_now.ToUnixTimeMilliseconds());
            for (var window = grid.SliceOf((_now - kept).ToUnixTimeMilliseconds()); window.StartMs <= last.StartMs; window = grid.After(window))
            {
                foreach (var ((site, partition), (basic, state)) in states)
                {
                    await RowAsync(copy, "sites", partition, windows.Name, window, Sites[site], basic, window != last, state, cancellationToken);
                }
            }
        }
    }

    /// <summary>A seventh part of a site's devices, each with a dozen temperatures around the site's.</summary>
    private static (BasicMeasures, byte[]) SiteState(int site, int partition)
    {
        var random = new Random((site * Partitions) + partition);
        var (basic, state) = (default(BasicMeasures), new MeasureState(SitePlan));
        for (var i = 0; i < 500; i++)
        {
            var temperature = (site == Sites.Length - 1 ? -1800 : 1600 + (site * 120)) + random.Next(-500, 500);
            basic = basic.With(temperature);
            state.Add(new EventValues([temperature, StableHash.IdentityOf(BitConverter.GetBytes((site * 1000) + (partition * 42) + (i % 42)))], 0, i, i));
        }

        return (basic, state.Encode());
    }

    private async Task DevicesAsync(NpgsqlBinaryImporter copy, CancellationToken cancellationToken)
    {
        for (var device = 0; device < Devices; device++)
        {
            var state = new MeasureState(DevicePlan);
            state.Add(new EventValues([2000 + (device % 700), 20 + (device % 980)], 0, _now.AddSeconds(-device % 10).ToUnixTimeMilliseconds(), device));
            var (basic, bytes) = (default(BasicMeasures).With(2000), state.Encode());
            var id = $"{Sites[device % Sites.Length]}-{device / Sites.Length:0000}";
            for (var hour = 1; hour < 168; hour += 24)
            {
                await RowAsync(copy, "devices", device % Partitions, "session-1m", Window.Between(_now.AddHours(-hour).AddMinutes(-device % 60), _now.AddHours(-hour + 1).AddMinutes(-device % 60)), id, basic, hour > 1, bytes, cancellationToken);
            }
        }
    }

    private async Task RowAsync(
        NpgsqlBinaryImporter copy, string pipeline, int partition, string kind, Window window, string key, BasicMeasures basic, bool isFinal, byte[] state, CancellationToken cancellationToken)
    {
        _rows++;
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(pipeline, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(1, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(Topic, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(partition, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(kind, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(false, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(window.Start.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(window.End.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(key, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(basic.Count, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync((decimal)basic.Sum, NpgsqlDbType.Numeric, cancellationToken);
        await copy.WriteAsync(basic.Min, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(basic.Max, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(0L, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(isFinal, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(1L, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(state, NpgsqlDbType.Bytea, cancellationToken);
    }

    private async Task DefineAsync(
        string name, MeasurePlan plan, bool isByRecord, IReadOnlyList<WindowSpec> windows, IReadOnlyDictionary<string, TimeSpan>? kept, CancellationToken cancellationToken)
    {
        var description = new PipelineDescription(name, name, "device-events", "key", isByRecord, windows, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), plan, []) { Kept = kept };
        await using var command = database.CreateCommand("""
            WITH entered AS (INSERT INTO pipelines (name, generation, is_paused, created_at) VALUES ($1, 1, false, now())),
            generation AS (INSERT INTO pipeline_generations (pipeline, generation, fingerprint, definition, state, created_at, activated_at) VALUES ($1, 1, 'f', $2::jsonb, 'active', now(), now()))
            INSERT INTO checkpoints (pipeline, generation, topic_id, partition, topic, version, next_offset, watermark, outbox_seq, events, late, rejected, filtered, unknown_keys, end_offset, owner, updated_at)
            SELECT $1, 1, $3, p, 'device-events', 1, 10, $4, 0, 10, 0, 0, 0, 0, 10, 'seed', now() FROM generate_series(0, 3) p
            """);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(description.ToJson());
        command.Parameters.AddWithValue(Topic);
        command.Parameters.AddWithValue(_now.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
