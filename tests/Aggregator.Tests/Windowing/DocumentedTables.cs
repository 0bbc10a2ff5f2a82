using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>The worked tables of docs/semantics.md are claims: each row is fed to the engine and must say what the engine does.</summary>
public sealed partial class DocumentedTables
{
    [Fact]
    public void Every_row_of_the_documented_tables_is_what_the_engine_does()
    {
        WindowEngine? engine = null;
        int rows = 0;
        foreach (string line in File.ReadLines(Document()))
        {
            if (OptionsLine().Match(line) is { Success: true } options)
            {
                engine = OneNumber.Engine(Options(options));
            }
            else if (RowLine().Match(line) is { Success: true } row)
            {
                Assert.Equal(line, Answer(engine!, row));
                rows++;
            }
        }

        Assert.True(rows > 20, $"Only {rows} rows were found in {Document()}.");
    }

    private static string Answer(WindowEngine engine, Match row)
    {
        string input = row.Groups["input"].Value;
        long at = Seconds(row, "at");
        string verdict = "";
        if (input.StartsWith("mark", StringComparison.Ordinal))
        {
            engine.Apply(new IdleMark(NextOffset: 0, at));
        }
        else
        {
            verdict = Show(engine.Add("a"u8, 1, at, row.Groups["broker"].Success ? Seconds(row, "broker") : at)) + " ";
        }

        string closed = string.Concat(engine.TakeChanges().Closed.Select(
            closed => $"[{closed.Window.StartMs / 1000},{closed.Window.EndMs / 1000}) n={closed.Measures.Count} "));
        return string.Create(CultureInfo.InvariantCulture, $"| {input} | {verdict}| {engine.WatermarkMs / 1000} | {closed}|");
    }

    private static string Show(Verdict verdict) => verdict.Kind switch
    {
        VerdictKind.Late => $"late by {verdict.ByMs / 1000}",
        VerdictKind.TooFarAhead => $"too far ahead by {verdict.ByMs / 1000}",
        _ => "accepted",
    };

    private static WindowOptions Options(Match match)
    {
        TimeSpan Of(string name) => TimeSpan.FromMilliseconds(Seconds(match, name));
        return new WindowOptions(Of("size"), Of("offset"), Of("grace"), Of("disorder"), Of("bound"));
    }

    private static long Seconds(Match match, string group) => 1000 * long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static string Document()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "docs", "semantics.md");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("docs/semantics.md is in no folder above the tests.");
    }

    [GeneratedRegex(@"^`size (?<size>\d+) s, offset (?<offset>\d+) s, grace (?<grace>\d+) s, out-of-orderness (?<disorder>\d+) s, future bound (?<bound>\d+) s`$")]
    private static partial Regex OptionsLine();

    [GeneratedRegex(@"^\| (?<input>(event|mark) (?<at>\d+)(, broker (?<broker>\d+))?) \|")]
    private static partial Regex RowLine();
}
