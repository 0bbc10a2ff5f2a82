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
        DocumentedEngine? engine = null;
        int rows = 0;
        foreach (string line in File.ReadLines(Document()))
        {
            if (PlanLine().Match(line) is { Success: true } plan)
            {
                engine = new DocumentedEngine(DocumentedPlan.Parse(plan));
            }
            else if (RowLine().Match(line) is { Success: true } row)
            {
                Assert.Equal(line, engine!.Answer(row, hasChanges: line.Count(c => c == '|') == 6));
                rows++;
            }
        }

        Assert.True(rows > 50, $"Only {rows} rows were found in {Document()}.");
    }

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

    [GeneratedRegex(@"^`(?<windows>.+), grace (?<grace>\d+) s, out-of-orderness (?<disorder>\d+) s, future bound (?<bound>\d+) s`$")]
    private static partial Regex PlanLine();

    [GeneratedRegex(@"^\| (?<input>(event|mark) (?<at>-?\d+|\d{4}-\S+Z)(, broker (?<broker>\d+))?) \|")]
    private static partial Regex RowLine();
}
