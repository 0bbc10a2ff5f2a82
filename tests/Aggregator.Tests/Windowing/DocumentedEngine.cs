using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>Answers a row's input as the row should look. Times are seconds; where there are days, instants.</summary>
internal sealed class DocumentedEngine(WindowPlan plan)
{
    private readonly WindowEngine _engine = OneNumber.Engine(plan);
    private readonly bool _hasDays = plan.Windows.Any(of => of is CalendarDays);

    public string Answer(Match row, bool hasChanges)
    {
        string input = row.Groups["input"].Value;
        long at = Moment(row.Groups["at"].Value);
        Verdict? verdict = null;
        if (input.StartsWith("mark", StringComparison.Ordinal))
        {
            _engine.Apply(new IdleMark(NextOffset: 0, at));
        }
        else
        {
            verdict = _engine.Add("a"u8, 1, at, row.Groups["broker"].Success ? Moment(row.Groups["broker"].Value) : at);
        }

        ChangeSet changes = _engine.TakeChanges();
        string[] cells = [input, verdict is { } v ? Show(v, changes.LateCounts) : "", Show(_engine.WatermarkMs!.Value), List(changes.Closed.Select(Show))];
        return $"|{string.Concat((hasChanges ? [.. cells, Changes(changes)] : cells).Select(cell => cell.Length == 0 ? " |" : $" {cell} |"))}";
    }

    private string Changes(ChangeSet changes) => List(changes.Open.Select(Show).Concat(
        changes.Removed.OrderBy(row => row.Window.StartMs).Select(row => $"no {(row.IsPane ? "pane " : "")}{Show(row.Window)}")));

    private string Show(Verdict verdict, IReadOnlyList<LateCount> missed) => verdict.Kind switch
    {
        VerdictKind.Late => $"late by {verdict.ByMs / 1000}",
        VerdictKind.TooFarAhead => $"too far ahead by {verdict.ByMs / 1000}",
        _ when missed.Count > 0 => $"accepted, missed {string.Join(' ', missed.Select(late => Show(late.Window)))}",
        _ => "accepted",
    };

    private string Show(WindowRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{(plan.Windows.Count > 1 ? row.Of.Name + ": " : "")}{(row.IsPane ? "pane " : "")}{Show(row.Window)} n={row.Measures.Count}");

    private string Show(Window window) => $"[{Show(window.StartMs)},{Show(window.EndMs)})";

    private string Show(long ms) => _hasDays
        ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : (ms / 1000).ToString(CultureInfo.InvariantCulture);

    private long Moment(string text) => _hasDays
        ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()
        : 1000 * long.Parse(text, CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> items) => string.Join(", ", items);
}
