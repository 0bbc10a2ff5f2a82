using System.Globalization;
using System.Text;
using Streaming.Aggregator.Pipelines;
using Streaming.Aggregator.Tests.Pipeline;
using Streaming.Aggregator.Tests.Servers;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>The real pipeline with its rules: broker, Aggregator, PostgreSQL, relay, webhook.</summary>
[Collection(PostgresTests.Name)]
public sealed class AlertPipelineTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Table_topic_and_webhook_hold_what_the_oracle_finds_in_the_final_windows()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Then(500);
        await using var stage = await PipelineStage.CreateAsync(postgres);
        await stage.StartAggregatorAsync(("Pipelines", SalesByStore.Name), ("Webhook:Url", server.Url), ("IdleTimeout", "1.00:00:00"));
        var sales = Sales.Random(600, seed: 11, minutes: 60);
        await stage.ProduceAsync(sales);

        await stage.CommittedAsync(600);
        await stage.OutboxIsEmptyAsync();
        await Until.TrueAsync(async () => await stage.NumberAsync("SELECT count(*) FROM webhook_deliveries") == 0, "all is posted", () => Task.FromResult(stage.Lines.ToString()));

        var expected = await OracleAsync(stage);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await TableAsync(stage));
        var topic = stage.ReadAll(Topics.Alerts).Select(record => (Key: Encoding.UTF8.GetString(record.Message.Key!), Alert: AlertEventJson.Decode(record.Message.Value))).ToList();
        Assert.Equal(expected, topic.Select(record => Line(record.Alert)).Order(StringComparer.Ordinal));
        Assert.All(topic, record => Assert.Equal($"sales-by-store/{record.Alert.Rule}/{record.Alert.GroupKey}", record.Key));
        var posted = server.Requests.Select(request => AlertEventJson.Decode(request.Body)).ToList();
        Assert.Equal(topic.Select(record => record.Alert.Id).Order(StringComparer.Ordinal), posted.Select(alert => alert.Id).Distinct().Order(StringComparer.Ordinal));
        Assert.All(
            posted.DistinctBy(alert => alert.Id).GroupBy(alert => (alert.Rule, alert.GroupKey)), alerts => Assert.Equal(alerts.OrderBy(alert => alert.At), alerts));
    }

    private static async Task<IReadOnlyList<string>> OracleAsync(PipelineStage stage)
    {
        var pipeline = SalesByStore.Define();
        var minutes = pipeline.Windows.Windows[0];
        var rows = new List<(int Partition, WindowRow Row)>();
        await using (var command = stage.Database.CreateCommand("SELECT partition, window_start, window_end, group_key, count, sum, min, max FROM window_results WHERE is_final AND window_name = '1m'"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                var window = Window.Between(new DateTimeOffset(reader.GetDateTime(1)), new DateTimeOffset(reader.GetDateTime(2)));
                rows.Add((reader.GetInt32(0), new WindowRow(
                    minutes, window, new GroupKey(reader.GetString(3)), new(reader.GetInt64(4), (Int128)reader.GetDecimal(5), reader.GetInt64(6), reader.GetInt64(7)), IsFinal: true)));
            }
        }

        var found = new List<string>();
        foreach (var partition in rows.GroupBy(row => row.Partition, row => row.Row))
        {
            var watermark = await stage.NumberAsync(string.Create(
                CultureInfo.InvariantCulture, $"SELECT (extract(epoch FROM watermark) * 1000)::bigint FROM checkpoints WHERE partition = {partition.Key} AND pipeline = 'sales-by-store'"));
            var oracle = new AlertOracle(pipeline.Alerts.Rules, minutes, [.. partition.OrderBy(row => row.Window.EndMs)], watermark - (long)pipeline.Windows.Grace.TotalMilliseconds);
            found.AddRange(oracle.Transitions.Select(t => Line(t.Rule.Name, t.Key.Text, t.IsFiring, t.Window.End, t.Value, t.Threshold)));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<string>> TableAsync(PipelineStage stage)
    {
        await using var command = stage.Database.CreateCommand("SELECT rule, group_key, transition, at, value, threshold FROM alerts");
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(Line(
                reader.GetString(0), reader.GetString(1), reader.GetString(2) == AlertWords.Firing, new DateTimeOffset(reader.GetDateTime(3)),
                await reader.IsDBNullAsync(4) ? null : reader.GetDouble(4), await reader.IsDBNullAsync(5) ? null : reader.GetDouble(5)));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static string Line(AlertEvent alert) =>
        Line(alert.Rule, alert.GroupKey, alert.Transition == AlertWords.Firing, alert.At, alert.Value, alert.Threshold);

    private static string Line(string rule, string key, bool isFiring, DateTimeOffset at, double? value, double? threshold) =>
        string.Create(CultureInfo.InvariantCulture, $"{rule} {key} {at:O} {isFiring} {value:R} {threshold:R}");
}
