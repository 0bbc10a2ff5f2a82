using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Aggregator.Alerts;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>The tables of docs/semantics.md, "Alerts", are claims: each row is judged and must say what the evaluator does.</summary>
public sealed partial class DocumentedAlerts
{
    /// <summary>The rules above the tables, as they stand there.</summary>
    private static readonly Dictionary<string, AlertRule> Rules = new()
    {
        ["""When("slow", "sum").In("10s").Below(100).ClearAbove(150).For(20 s)"""] = AlertRules.When("slow", "sum").In("10s").Below(100).ClearAbove(150).For(S(20)),
        ["""When("drop", "sum").In("10s").DropsBy(0.5, previous: 3)"""] = AlertRules.When("drop", "sum").In("10s").DropsBy(0.5, previous: 3),
        ["""When("silent").In("10s").NoEvents().For(20 s).ForgetAfter(60 s)"""] = AlertRules.When("silent").In("10s").NoEvents().For(S(20)).ForgetAfter(S(60)),
        ["""When("unusual", "sum").In("10s").DeviatesBy(3, baseline: 5, leastBaseline: 3).ClearBelow(2)"""] =
            AlertRules.When("unusual", "sum").In("10s").DeviatesBy(3, baseline: 5, leastBaseline: 3).ClearBelow(2),
    };

    [Fact]
    public void Every_row_of_the_documented_tables_is_what_the_evaluator_does()
    {
        AlertTimeline? timeline = null;
        var (tables, rows) = (0, 0);
        foreach (var line in File.ReadLines(Document()))
        {
            if (RuleLine().Match(line) is { Success: true } rule)
            {
                timeline = new AlertTimeline(Rules[rule.Groups["rule"].Value]);
                tables++;
            }
            else if (RowLine().Match(line) is { Success: true } row)
            {
                Assert.Equal(line, Answer(timeline!, row));
                rows++;
            }
        }

        Assert.Equal(Rules.Count, tables);
        Assert.True(rows >= 28, $"Only {rows} rows were found.");
    }

    private static string Answer(AlertTimeline timeline, Match row)
    {
        var (start, end) = (Number(row, "start"), Number(row, "end"));
        var transitions = row.Groups["sum"].Value == "–" ? timeline.Reach(end) : timeline.Row((int)start, Number(row, "sum"));
        var said = transitions.Length > 0 ? Shorten(Assert.Single(transitions)) + " "
            : timeline.Stored.Values.Any(state => state.IsFiring) ? "firing " : "";
        return $"| [{start},{end}) | {row.Groups["sum"].Value} | {said}|";
    }

    private static string Shorten(string transition) =>
        Transition().Replace(transition, "$1$2").Replace("firing", "fires", StringComparison.Ordinal).Replace("resolved", "over", StringComparison.Ordinal);

    private static long Number(Match match, string group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static TimeSpan S(int seconds) => TimeSpan.FromSeconds(seconds);

    private static string Document()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "docs", "semantics.md");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("docs/semantics.md is in no folder above the tests.");
    }

    [GeneratedRegex("^`(?<rule>When\\(.*)`$")]
    private static partial Regex RuleLine();

    [GeneratedRegex(@"^\| \[(?<start>\d+),(?<end>\d+)\) \| (?<sum>–|\d+) \|")]
    private static partial Regex RowLine();

    [GeneratedRegex(@"^(\w+) a at \d+(.*)$")]
    private static partial Regex Transition();
}
