using System.Data;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Aspire.Hosting.Testing;
using Npgsql;
using Streaming.Contracts.Measures;
using Streaming.EndToEnd.Tests.App;
using Streaming.Tests.Oracle;

namespace Streaming.EndToEnd.Tests;

/// <summary>Devices from event to screen: every row against a naive recount of the topic, and the page against the same.</summary>
[Collection(AllScenarios.Name)]
public sealed class IotTests(RunningApp app)
{
    private const long MinuteMs = 60_000;

    private static readonly TimeSpan s_bound = TimeSpan.FromMinutes(8);

    // Rows of the devices' small windows go after half an hour, and the test may run for some minutes.
    private static readonly TimeSpan s_surelyKept = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Sites_by_minute_hour_and_day_equal_an_independent_recount_of_the_topic()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("sites", "1m", bound.Token);

        var expected = new NaiveHeartbeats(beat => beat.Site, new Dictionary<string, long> { ["1m"] = MinuteMs, ["1h"] = 60 * MinuteMs, ["1d"] = 1440 * MinuteMs }, null)
            .Walk(Below(stored), stored.Marks);

        Assert.Equal(expected.Windows.Select(Text).Order(), stored.Rows.Select(row => row.Text).Order());
        Assert.Equal((expected.Taken, expected.Late, expected.Rejected), stored.Counts);
        Assert.True(expected.Rejected > 0, "the producer sends broken heartbeats, and none was rejected");
        Assert.All(Pairs(expected, stored), pair =>
        {
            Assert.InRange((decimal)pair.Row.Value("temperature_p95") - pair.Window.P95, -Error(pair.Window.P95), Error(pair.Window.P95));
            Assert.Equal(pair.Window.Devices, pair.Row.Value("device_distinct"), pair.Window.Devices <= 256 ? 0 : pair.Window.Devices * 0.1);
        });
    }

    [Fact]
    public async Task Connected_periods_and_last_known_states_equal_an_independent_recount_of_the_topic()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("devices", "2m", bound.Token);

        var expected = new NaiveHeartbeats(beat => beat.Device, new Dictionary<string, long> { ["2m"] = 2 * MinuteMs }, ("session-1m", MinuteMs)).Walk(Below(stored), stored.Marks);

        var kept = (DateTimeOffset.UtcNow - s_surelyKept).ToUnixTimeMilliseconds();
        Assert.Equal(
            expected.Windows.Where(w => w.Kind != "2m" || w.StartMs >= kept).Select(Text).Order(), stored.Rows.Where(r => r.Kind != "2m" || r.StartMs >= kept).Select(row => row.Text).Order());
        Assert.Equal((expected.Taken, expected.Late, expected.Rejected), stored.Counts);
        Assert.All(Pairs(expected, stored), pair => Assert.Equal(
            ((double)pair.Window.Last.Temperature, (double)pair.Window.Last.Battery), (pair.Row.Value("temperature_last"), pair.Row.Value("battery_last"))));
    }

    [Fact]
    public async Task Page_shows_what_a_recount_of_the_topic_gives()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("sites", "1m", bound.Token);
        var expected = new NaiveHeartbeats(beat => beat.Site, new Dictionary<string, long> { ["1m"] = MinuteMs }, null).Walk(Below(stored), stored.Marks);
        // Some minutes that are final in all partitions.
        var to = expected.Windows.Where(w => !w.IsFinal).Min(w => w.StartMs);
        var from = to - (8 * MinuteMs);

        using var client = app.App.CreateHttpClient("dashboard");
        var html = await Eventually.GetAsync(
            async () => WebUtility.HtmlDecode(await client.GetStringAsync(new Uri($"devices?from={Minute(from)}&to={Minute(to)}", UriKind.Relative), bound.Token)),
            page => page.Contains("<b>oslo</b>", StringComparison.Ordinal), "the sites on the page", TimeSpan.FromMinutes(2), bound.Token);

        foreach (var site in expected.Windows.Where(w => w.StartMs >= from && w.StartMs < to).GroupBy(w => w.Key))
        {
            var events = site.SelectMany(w => w.Events).ToList();
            var row = Regex.Match(html, $"<b>{Regex.Escape(site.Key)}</b>.*?</tr>", RegexOptions.Singleline).Value;
            Assert.Contains($">{events.Count.ToString("#,0", CultureInfo.InvariantCulture)}</span>", row, StringComparison.Ordinal);
            Assert.Contains(Degrees(events.Average(e => e.Temperature)), row, StringComparison.Ordinal);
            Assert.Contains(Degrees(events.Max(e => e.Temperature)), row, StringComparison.Ordinal);
            Assert.Contains($"from {events.Select(e => e.Device).Distinct().Count()} devices", row, StringComparison.Ordinal);
        }

        Assert.Equal(12, expected.Windows.Select(w => w.Key).Distinct().Count());
    }

    [Fact]
    public async Task Device_page_pushes_the_open_minute_and_knows_every_device_that_was_heard_of()
    {
        using var bound = new CancellationTokenSource(s_bound);
        var stored = await StoredAsync("devices", "2m", bound.Token);
        var devices = Below(stored).Where(beat => beat.IsGood).Select(beat => beat.Device).Distinct().Count();

        // What the page counts may be some seconds old, and a device may just have been heard of for the first time.
        using var client = app.App.CreateHttpClient("dashboard");
        var html = await Eventually.GetAsync(
            async () => WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("devices", UriKind.Relative), bound.Token)),
            page => page.Contains("site-open", StringComparison.Ordinal) && Known(page) >= devices,
            $"a provisional minute and {devices} known devices on the page", TimeSpan.FromMinutes(2), bound.Token);

        Assert.InRange(Known(html), devices, 2000);
        Assert.Contains(")\" d=\"M", html, StringComparison.Ordinal);
    }

    private static int Known(string page) =>
        int.TryParse(Regex.Match(page, @"of ([\d,]+)</span>").Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var known) ? known : 0;

    /// <summary>Waits for some closed windows, then reads rows and progress of one moment.</summary>
    private async Task<Stored> StoredAsync(string pipeline, string kind, CancellationToken cancellationToken)
    {
        var connection = await app.App.GetConnectionStringAsync("streaming", cancellationToken) ?? throw new InvalidOperationException("streaming has no connection string");
        await using var database = NpgsqlDataSource.Create(connection);
        var newest = (DateTime.UtcNow - TimeSpan.FromMinutes(15)).ToString("O", CultureInfo.InvariantCulture);
        await Eventually.GetAsync(
            async () =>
            {
                await using var count = database.CreateCommand(
                    $"SELECT count(DISTINCT partition) FROM window_results WHERE pipeline = '{pipeline}' AND window_name = '{kind}' AND is_final AND window_start > '{newest}'");
                return (long)(await count.ExecuteScalarAsync(cancellationToken))!;
            },
            partitions => partitions == 4, $"closed windows of {pipeline} in every partition", TimeSpan.FromMinutes(5), cancellationToken);
        return await Stored.ReadAsync(database, pipeline, cancellationToken);
    }

    /// <summary>What the rows have counted: the records before the offsets to read next.</summary>
    private List<HeartbeatRecord> Below(Stored stored) =>
        [.. TopicReader.ReadAll(app.Kafka, "device-events").Where(record => record.Offset.Value < stored.NextOffsets[record.Partition.Value]).Select(HeartbeatRecord.From)];

    private static IEnumerable<(HeartbeatWindow Window, StoredWindow Row)> Pairs(NaiveHeartbeats expected, Stored stored)
    {
        var rows = stored.Rows.ToDictionary(row => row.Text);
        return expected.Windows.Where(window => rows.ContainsKey(Text(window))).Select(window => (window, rows[Text(window)]));
    }

    private static string Text(HeartbeatWindow w) => string.Create(CultureInfo.InvariantCulture,
        $"{w.Kind} p{w.Partition} {w.StartMs}-{w.EndMs} {w.Key} {w.Events.Count} {w.Events.Sum(e => e.Temperature):0.00} {w.Events.Min(e => e.Temperature):0.00} {w.Events.Max(e => e.Temperature):0.00} {w.IsFinal}");

    private static decimal Error(decimal value) => (Math.Abs(value) * 0.0101m) + 0.01m;

    private static string Minute(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string Degrees(decimal value) => ((double)value).ToString("0.0", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A row of the table.</summary>
    private sealed record StoredWindow(string Kind, long StartMs, string Text, MeasurePlan Plan, BasicMeasures Basic, byte[] State)
    {
        public double Value(string measure) => MeasureReader.Read(Plan, Plan.Find(measure)!, Basic, MeasureState.Decode(Plan, State)).Number;
    }

    /// <summary>What the tables say of a pipeline at one moment.</summary>
    private sealed record Stored(
        IReadOnlyList<StoredWindow> Rows, IReadOnlyList<Mark> Marks, IReadOnlyDictionary<int, long> NextOffsets, (int Taken, int Late, int Rejected) Counts)
    {
        public static async Task<Stored> ReadAsync(NpgsqlDataSource database, string pipeline, CancellationToken cancellationToken)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var definition = Assert.Single(await QueryAsync(connection, "SELECT definition::text FROM pipeline_generations WHERE pipeline = $1", pipeline, r => r.GetString(0), cancellationToken));
            var plan = Contracts.Pipelines.PipelineDescription.TryParse(definition)!.Measures;
            var progress = await QueryAsync(connection, "SELECT partition, next_offset, events, late, rejected FROM checkpoints WHERE pipeline = $1", pipeline,
                r => (Partition: r.GetInt32(0), NextOffset: r.GetInt64(1), Events: r.GetInt64(2), Late: r.GetInt64(3), Rejected: r.GetInt64(4)), cancellationToken);
            var marks = await QueryAsync(connection, "SELECT partition, next_offset, watermark FROM idle_marks WHERE pipeline = $1", pipeline,
                r => new Mark(r.GetInt32(0), r.GetInt64(1), r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds()), cancellationToken);
            var rows = await QueryAsync(connection, """
                SELECT window_name, partition, window_start, window_end, group_key, count, sum, min, max, is_final, state FROM window_results WHERE pipeline = $1
                """, pipeline, r => Row(r, plan), cancellationToken);
            return new Stored(
                rows, marks, progress.ToDictionary(p => p.Partition, p => p.NextOffset),
                ((int)progress.Sum(p => p.Events), (int)progress.Sum(p => p.Late), (int)progress.Sum(p => p.Rejected)));
        }

        private static StoredWindow Row(NpgsqlDataReader r, MeasurePlan plan)
        {
            var (start, end) = (r.GetFieldValue<DateTimeOffset>(2).ToUnixTimeMilliseconds(), r.GetFieldValue<DateTimeOffset>(3).ToUnixTimeMilliseconds());
            var basic = new BasicMeasures(r.GetInt64(5), (Int128)r.GetDecimal(6), r.GetInt64(7), r.GetInt64(8));
            var text = string.Create(CultureInfo.InvariantCulture,
                $"{r.GetString(0)} p{r.GetInt32(1)} {start}-{end} {r.GetString(4)} {basic.Count} {(decimal)basic.Sum / 100:0.00} {basic.Min / 100m:0.00} {basic.Max / 100m:0.00} {r.GetBoolean(9)}");
            return new StoredWindow(r.GetString(0), start, text, plan, basic, r.GetFieldValue<byte[]>(10));
        }

        private static async Task<List<T>> QueryAsync<T>(NpgsqlConnection connection, string sql, string pipeline, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = pipeline } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }
}
