using System.Text;
using Confluent.Kafka;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Pipelines.Iot;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Contracts;
using Streaming.Contracts.Iot;
using Streaming.Contracts.Measures;
using Streaming.Tests.Oracle;
using Xunit;

namespace Streaming.Aggregator.Tests.Pipelines.Iot;

/// <summary>The devices' pipelines, from the topic to the rows, against a recount that knows nothing of the engine.</summary>
[Collection(PostgresForScenarios.Name)]
public sealed class IotPipelineTests(PostgresFixture postgres)
{
    private static readonly string[] Devices = [.. Enumerable.Range(1, 24).Select(i => DeviceIds.Of(i % 3 == 0 ? "oslo" : i % 3 == 1 ? "cold-store" : "perth", i))];

    [Fact]
    public async Task Connected_periods_and_last_known_states_equal_an_independent_recount_and_periods_are_joined()
    {
        await using var stage = await RunAsync(Aggregator.Pipelines.Iot.Devices.Define(), Random(12_000, seed: 5));

        var expected = new NaiveHeartbeats(beat => beat.Device, new Dictionary<string, long> { ["2m"] = 120_000 }, ("session-1m", 60_000)).Walk(Records(stage), []);
        var rows = await RowsAsync(stage, Aggregator.Pipelines.Iot.Devices.Define());

        Assert.Equal(Identities(expected), rows.Keys.Order().ToArray());
        Assert.All(expected.Windows, window => AssertDevice(window, rows[Identity(window)]));
        Assert.True(expected.Joins > 10, $"only {expected.Joins} events join two periods");
        Assert.True(expected.Late > 10, $"only {expected.Late} events are late");
        Assert.Equal(expected.Late, await stage.NumberAsync("SELECT sum(late)::bigint FROM checkpoints"));
        Assert.Equal(expected.Taken, await stage.NumberAsync("SELECT sum(events)::bigint FROM checkpoints"));
    }

    [Fact]
    public async Task Minutes_hours_and_days_of_sites_equal_an_independent_recount()
    {
        await using var stage = await RunAsync(Sites.Define(), Random(12_000, seed: 9));

        var expected = new NaiveHeartbeats(beat => beat.Site, new Dictionary<string, long> { ["1m"] = 60_000, ["1h"] = 3_600_000, ["1d"] = 86_400_000 }, null).Walk(Records(stage), []);
        var rows = await RowsAsync(stage, Sites.Define());

        Assert.Equal(Identities(expected), rows.Keys.Order().ToArray());
        Assert.All(expected.Windows, window => AssertSite(window, rows[Identity(window)]));
        // What is too late for its minute may be in time for its hour and its day: a coarser level counts as much or more.
        long Events(string kind) => expected.Windows.Where(w => w.Kind == kind).Sum(w => w.Events.Count);
        Assert.True(Events("1m") < Events("1h") && Events("1h") <= Events("1d"));
    }

    [Fact]
    public async Task Device_without_events_for_two_minutes_fires_once_and_is_resolved_when_it_is_back()
    {
        var start = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds() / 120_000 * 120_000;
        // One device beats all the time, in the same partition as the other: it carries the watermark over the silence.
        var beats = Enumerable.Range(0, 90).Select(i => Beat("oslo-0001", start + (i * 10_000L)))
            .Concat(Enumerable.Range(0, 90).Where(i => i is < 30 or >= 60).Select(i => Beat("oslo-0002", start + (i * 10_000L)))).OrderBy(beat => beat.Ts);
        await using var stage = await RunAsync(Aggregator.Pipelines.Iot.Devices.Define(), beats.Select(Record), partition: 0);

        await using var command = stage.Database.CreateCommand("SELECT group_key || ' ' || transition || ' ' || round(extract(epoch FROM at) - $1 / 1000.0) FROM alerts ORDER BY at");
        command.Parameters.AddWithValue(start);
        await using var reader = await command.ExecuteReaderAsync();
        var transitions = new List<string>();
        while (await reader.ReadAsync())
        {
            transitions.Add(reader.GetString(0));
        }

        // Silent from 5:00 to 10:00: the windows of 6:00 and 8:00 are empty, that of 10:00 is not.
        Assert.Equal(["oslo-0002 firing 480", "oslo-0002 resolved 720"], transitions);
    }

    [Fact]
    public async Task What_is_no_heartbeat_goes_to_the_dead_letter_with_the_reason()
    {
        var good = Beat("oslo-0001", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var bad = new (string? Key, byte[]? Value, string Reason)[]
        {
            ("oslo-0001", [], "no-value"), ("oslo-0001", null, "no-value"), (null, HeartbeatJson.Encode(good), "no-key"), ("oslo-0001", Encoding.UTF8.GetBytes("{"), "malformed"),
            ("oslo-0001", Encoding.UTF8.GetBytes("null"), "malformed"), ("oslo-0001", Encoding.UTF8.GetBytes($$"""{"device_id":"oslo-0001","site":"oslo","battery":1,"ts":{{good.Ts}}}"""), "malformed"),
            ("oslo-0002", HeartbeatJson.Encode(good), "key-mismatch"), ("oslo-0001", HeartbeatJson.Encode(good with { Site = "perth" }), "site-mismatch"),
            ("oslo", HeartbeatJson.Encode(good with { DeviceId = "oslo" }), "site-mismatch"), ("oslo-0001", HeartbeatJson.Encode(good with { Temperature = 125.01m }), "absurd-temperature"),
            ("oslo-0001", HeartbeatJson.Encode(good with { Battery = -0.1m }), "absurd-battery"), ("oslo-0001", HeartbeatJson.Encode(good with { Ts = good.Ts + 600_000 }), "too-far-ahead"),
        };
        await using var stage = await RunAsync(
            Aggregator.Pipelines.Iot.Devices.Define(), bad.Select(b => (b.Key is null ? null : Encoding.UTF8.GetBytes(b.Key), b.Value)).Append(Record(good)));

        var letters = stage.ReadAll(Topics.DeviceEventsDeadLetter).Select(letter => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(HeaderNames.Reason)));
        Assert.Equal(bad.Select(b => b.Reason).Order(), letters.Order());
        Assert.Equal(1, await stage.NumberAsync("SELECT sum(events)::bigint FROM checkpoints"));
    }

    [Fact]
    public void Levels_of_the_sites_cover_each_other()
    {
        var sites = Sites.Define();

        Assert.Equal(["1h", "1d", null], Contracts.Windows.RollUp.Levels(sites.Windows.Windows, sites.Kept).Select(level => level.Coarser?.Name));
    }

    private async Task<PipelineStage> RunAsync(PipelineDefinition pipeline, IEnumerable<(byte[]? Key, byte[]? Value)> records, int? partition = null)
    {
        var stage = await PipelineStage.CreateAsync(postgres);
        // Idle partitions would be advanced by the clock, and the recount knows none.
        await stage.StartAggregatorAsync([pipeline], ("IdleTimeout", "01:00:00"));
        await Until.TrueAsync(() => stage.Lines.Has(2104), "partitions are read", stage.Lines.ToString);
        List<(byte[]? Key, byte[]? Value)> all = [.. records];
        await stage.ProduceAsync(all, Topics.DeviceEvents.Name, partition);
        await stage.CommittedAsync(all.Count);
        await stage.OutboxIsEmptyAsync();
        return stage;
    }

    /// <summary>Half an hour of heartbeats: some out of order, some by more than a gap, some late, devices that fall silent for a minute or several.</summary>
    private static IEnumerable<(byte[]?, byte[]?)> Random(int count, int seed)
    {
        var random = new Random(seed);
        var start = DateTimeOffset.UtcNow.AddHours(-3).ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            var at = start + (i * 1_800_000L / count);
            var device = random.Next(Devices.Length);
            // A little longer than the gap: what comes late from the silence joins the periods before and after it.
            if ((at + (device * 37_000)) % 150_000 < 66_000)
            {
                continue;
            }

            var back = random.Next(100) switch { < 20 => random.Next(6_000), < 40 => random.Next(60_000), < 42 => random.Next(400_000), _ => 0 };
            yield return Record(new Heartbeat(
                Devices[device], DeviceIds.SiteOf(Devices[device])!, Math.Round(20 + (10 * (decimal)random.NextDouble()) - (device % 3 == 1 ? 45 : 0), 2), random.Next(1000) / 10m, at - back));
        }
    }

    private static Heartbeat Beat(string device, long ts) => new(device, DeviceIds.SiteOf(device)!, 20.5m, 80m, ts);

    private static (byte[]? Key, byte[]? Value) Record(Heartbeat beat) => (Encoding.UTF8.GetBytes(beat.DeviceId), HeartbeatJson.Encode(beat));

    private static IEnumerable<HeartbeatRecord> Records(PipelineStage stage) => stage.ReadAll(Topics.DeviceEvents)
        .Select(record => HeartbeatRecord.From(new ConsumeResult<byte[], byte[]>
        {
            Topic = record.Topic,
            Partition = record.Partition,
            Offset = record.Offset,
            Message = new Message<byte[], byte[]> { Key = record.Message.Key!, Value = record.Message.Value!, Timestamp = record.Message.Timestamp },
        }));

    private static string Identity(HeartbeatWindow w) => $"{w.Kind} {w.Partition} {w.StartMs} {w.EndMs} {w.Key} {w.IsFinal}";

    private static string[] Identities(NaiveHeartbeats expected) => [.. expected.Windows.Select(Identity).Order()];

    private static void AssertDevice(HeartbeatWindow window, Dictionary<string, decimal?> row)
    {
        Assert.Equal(window.Events.Count, row["count"]);
        Assert.Equal((window.Events.Min(e => e.Temperature), window.Events.Max(e => e.Temperature)), (row["temperature_min"]!.Value, row["temperature_max"]!.Value));
        Assert.Equal((window.Last.Temperature, window.Last.Battery), (row["temperature_last"]!.Value, row["battery_last"]!.Value));
    }

    private static void AssertSite(HeartbeatWindow window, Dictionary<string, decimal?> row)
    {
        Assert.Equal(window.Events.Count, row["count"]);
        Assert.Equal((window.Events.Min(e => e.Temperature), window.Events.Max(e => e.Temperature)), (row["temperature_min"]!.Value, row["temperature_max"]!.Value));
        Assert.Equal((double)window.Events.Average(e => e.Temperature), (double)row["temperature_mean"]!.Value, 6);
        Assert.InRange(row["temperature_p95"]!.Value - window.P95, -Math.Abs(window.P95) * 0.01m, Math.Abs(window.P95) * 0.01m);
        Assert.Equal(window.Devices, row["device_distinct"]);
    }

    /// <summary>Every row, by what tells it from the others, with all measures.</summary>
    private static async Task<Dictionary<string, Dictionary<string, decimal?>>> RowsAsync(PipelineStage stage, PipelineDefinition pipeline)
    {
        await using var command = stage.Database.CreateCommand("""
            SELECT window_name, partition, window_start, window_end, group_key, is_final, count, sum, min, max, state FROM window_results
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, Dictionary<string, decimal?>>();
        while (await reader.ReadAsync())
        {
            var window = new HeartbeatWindow(reader.GetString(0), reader.GetInt32(1), Ms(reader.GetDateTime(2)), Ms(reader.GetDateTime(3)), reader.GetString(4), [], reader.GetBoolean(5));
            var values = MeasureReader.ReadAll(
                pipeline.Measures, new BasicMeasures(reader.GetInt64(6), (Int128)reader.GetDecimal(7), reader.GetInt64(8), reader.GetInt64(9)),
                MeasureState.Decode(pipeline.Measures, reader.GetFieldValue<byte[]>(10)));
            rows.Add(Identity(window), pipeline.Measures.Measures.Zip(values).ToDictionary(m => m.First.Name, m => m.Second.HasValue ? m.Second.Exact ?? (decimal?)m.Second.Number : null));
        }

        return rows;
    }

    private static long Ms(DateTime instant) => new DateTimeOffset(instant).ToUnixTimeMilliseconds();
}
