using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using Streaming.Dashboard.Tests.Pipelines;
using static Streaming.Dashboard.Tests.Pipelines.PipelineSamples;

namespace Streaming.Dashboard.Tests.Grafana;

/// <summary>Grafana's dashboard (AppHost/Grafana), its queries put to a real database as Grafana would put them.</summary>
[Collection(SharedDatabase.Name)]
public sealed partial class GrafanaTests(DatabaseServer server)
{
    private static readonly JsonElement s_dashboard = Load();

    [Fact]
    public async Task Every_panel_and_every_choice_asks_for_what_the_database_has()
    {
        var database = await server.MigratedAsync();
        await using var pipeline = new SeededPipeline(database);
        await pipeline.DefineAsync(Description());
        await pipeline.CheckpointAsync(0, Minute(2), [Row(0, "CH", [100, 250])]);
        await pipeline.CheckpointAsync(1, Minute(2), [Row(0, "CH", [1050], partition: 1)]);
        await using var source = NpgsqlDataSource.Create(database);

        foreach (var (title, sql, format) in Queries())
        {
            await using var rows = await source.CreateCommand(AsGrafanaSendsIt(sql)).ExecuteReaderAsync();
            var columns = Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).ToList();
            Assert.True(format != "time_series" || columns[0] == "time", $"'{title}' has no first column 'time' but {string.Join(", ", columns)}.");
            Assert.True(title == "Alerts" || await rows.ReadAsync(), $"'{title}' has found nothing.");
        }
    }

    [Fact]
    public async Task Rows_of_several_partitions_are_merged()
    {
        var database = await server.MigratedAsync();
        await using var pipeline = new SeededPipeline(database);
        await pipeline.DefineAsync(Description());
        await pipeline.CheckpointAsync(0, Minute(2), [Row(0, "CH", [100, 250])]);
        await pipeline.CheckpointAsync(1, Minute(2), [Row(0, "CH", [1050], partition: 1)]);
        await using var source = NpgsqlDataSource.Create(database);

        await using var rows = await source.CreateCommand(AsGrafanaSendsIt(Queries().First(query => query.Format == "time_series").Sql)).ExecuteReaderAsync();

        Assert.True(await rows.ReadAsync());
        Assert.Equal(("CH", 3.0), (rows.GetString(1), rows.GetDouble(2)));
        Assert.False(await rows.ReadAsync());
    }

    [Fact]
    public void Every_panel_takes_the_provisioned_data_source_and_has_a_place_and_an_id_of_its_own()
    {
        var panels = s_dashboard.GetProperty("panels").EnumerateArray().ToList();

        Assert.All(panels, panel => Assert.Equal("streaming", panel.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("gridPos").GetRawText()).Distinct().Count());
        Assert.Contains("uid: streaming", File.ReadAllText(InGrafanaFolder("provisioning/datasources/streaming.yaml")), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Title, string Sql, string Format)> Queries() =>
    [
        .. s_dashboard.GetProperty("templating").GetProperty("list").EnumerateArray()
            .Select(choice => (choice.GetProperty("name").GetString()!, choice.GetProperty("query").GetString()!, "choice")),
        .. s_dashboard.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()
            .Select(target => (panel.GetProperty("title").GetString()!, target.GetProperty("rawSql").GetString()!, target.GetProperty("format").GetString()!))),
    ];

    /// <summary>Grafana's macros and variables, replaced as its PostgreSQL plugin replaces them.</summary>
    private static string AsGrafanaSendsIt(string sql)
    {
        var sent = TimeFilter().Replace(sql, "$1 BETWEEN '2025-11-21T11:30:00Z' AND '2025-11-21T12:30:00Z'")
            .Replace("${pipeline:sqlstring}", "'by-country'", StringComparison.Ordinal)
            .Replace("${window:sqlstring}", "'1m'", StringComparison.Ordinal);
        Assert.DoesNotContain("$", sent, StringComparison.Ordinal);
        return sent;
    }

    private static DateTimeOffset Minute(int minute) => Samples.Minute(minute);

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(InGrafanaFolder("dashboards/windows.json")));
        return document.RootElement.Clone();
    }

    private static string InGrafanaFolder(string path, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "AppHost", "Grafana", path);

    [GeneratedRegex(@"\$__timeFilter\(([\w.]+)\)")]
    private static partial Regex TimeFilter();
}
