using System.Globalization;
using Streaming.Aggregator.Alerts;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Alerts;

/// <summary>
/// Closed windows in seconds since the epoch, fed one after the other, so that an example reads like its drawing. The field <c>amount</c> has
/// scale 0; its sum is what is given, its count 1 unless said.
/// </summary>
internal sealed class AlertTimeline
{
    public static readonly MeasurePlan Measures = new(
        [new FieldSpec("amount", FieldKind.Number, 0, null)],
        [new MeasureSpec("count", MeasureKind.Count, -1), new MeasureSpec("sum", MeasureKind.Sum, 0), new MeasureSpec("mean", MeasureKind.Mean, 0)]);

    public static readonly TumblingWindows Ten = WindowSpecs.Tumbling(TimeSpan.FromSeconds(10));
    public static readonly HoppingWindows ThirtyByTen = WindowSpecs.Hopping(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
    public static readonly CumulativeWindows HourByTwenty = WindowSpecs.Cumulative(TimeSpan.FromHours(1), TimeSpan.FromMinutes(20));
    public static readonly SessionWindows Bursts = WindowSpecs.Session(TimeSpan.FromSeconds(5));
    public static readonly CalendarDays Days = WindowSpecs.Days("Europe/Zurich");
    public static readonly IReadOnlyList<WindowSpec> Windows = [Ten, ThirtyByTen, HourByTwenty, Bursts, Days];

    private readonly AlertRuleSet _rules;

    public AlertTimeline(params AlertRule[] rules)
        : this(0, rules)
    {
    }

    public AlertTimeline(int grace, params AlertRule[] rules)
    {
        _rules = AlertRuleSet.Create(rules, Windows, Measures, TimeSpan.FromSeconds(grace), areWindowsWhole: true);
        Evaluator = new AlertEvaluator(_rules, []);
    }

    public AlertEvaluator Evaluator { get; private set; }

    /// <summary>What a database would hold.</summary>
    public Dictionary<(string Rule, string Key), StoredAlertState> Stored { get; } = [];

    /// <summary>A row of a window of ten seconds, given by its start, and the watermark at its end.</summary>
    public string[] Row(int start, long sum, string key = "a", long count = 1) => Take(start + 10, RowOf(Ten, start, start + 10, key, sum, count));

    /// <summary>The watermark reaches this second, and no window with a row has closed.</summary>
    public string[] Reach(long second) => Take(second);

    public string[] Take(long watermark, params WindowRow[] closed)
    {
        var changes = Evaluator.Evaluate(closed, watermark * 1000);
        foreach (var change in changes.States)
        {
            if (change.State is null)
            {
                Stored.Remove((change.Rule, change.Key.Text));
            }
            else
            {
                Stored[(change.Rule, change.Key.Text)] = new StoredAlertState(change.Rule, change.Key, change.IsFiring, change.State);
            }
        }

        return [.. changes.Transitions.Select(Show)];
    }

    /// <summary>The process dies; another loads what was stored.</summary>
    public void Crash() => Evaluator = new AlertEvaluator(_rules, [.. Stored.Values]);

    public static WindowRow RowOf(WindowSpec of, long start, long end, string key, long sum, long count = 1) =>
        new(of, new Window(start * 1000, end * 1000), new GroupKey(key), new(count, sum, sum, sum), IsFinal: true);

    /// <summary><c>firing a at 10: 80 against 100</c>.</summary>
    public static string Show(Transition transition) => string.Create(CultureInfo.InvariantCulture,
        $"{(transition.IsFiring ? "firing" : transition.IsForgotten ? "forgotten" : "resolved")} {transition.Key} at {transition.AtMs / 1000}")
        + (transition.Value is { } value ? string.Create(CultureInfo.InvariantCulture, $": {value:0.##} against {transition.Threshold:0.##}") : "");
}
