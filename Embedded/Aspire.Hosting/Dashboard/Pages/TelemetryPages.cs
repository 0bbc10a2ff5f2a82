using System.Globalization;
using Aspire.Hosting.Dashboard.Otlp;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>Lists of what was received: structured logs, traces, the latest values of metrics, of all resources or the chosen one, filtered as the query says.</summary>
internal sealed class TelemetryPages(Telemetry telemetry, IReadOnlyList<string> resources, string chosen, IQueryCollection query)
{
    private const int MaxRows = 200, MaxSeries = 1000;

    /// <summary>Their lowest severity numbers (OTLP).</summary>
    private static readonly (string Name, int Least)[] s_levels = [("Trace", 0), ("Debug", 5), ("Information", 9), ("Warning", 13), ("Error", 17), ("Critical", 21)];
    private readonly string _text = query["text"].ToString();

    public void Logs(HtmlWriter html)
    {
        var (level, trace) = (query["logLevel"].ToString(), query["traceId"].ToString());
        var least = s_levels.FirstOrDefault(known => known.Name.Equals(level, StringComparison.OrdinalIgnoreCase)).Least;
        var (entries, kept) = telemetry.Read((_, logs, _) => (
            logs.Entries.Reverse().Where(entry => entry.Severity >= least && IsChosen(entry.Source) && (Has(entry.Message) || Has(entry.Category))
                && (trace.Length == 0 || Shown.Id(entry.Span.TraceId) == trace)).Take(MaxRows).ToList(),
            Layout.Kept(logs.Count, logs.Bytes, logs.Dropped, "entries")));
        html.Add($"{Filters("/structuredlogs", "Text", more => more.Add($"{Layout.Choice("logLevel", "Level from", s_levels.Select(known => known.Name), level)}{Layout.Text("traceId", "Trace id", trace)}"))}");
        html.Add($"{Layout.Live("logs", "Structured logs, newest first", "Time|Resource|Level|Message|Trace", rows => entries.ForEach(entry => Log(rows, entry)))}{kept}");
    }

    public void Traces(HtmlWriter html)
    {
        var errors = query["errors"].Count > 0;
        _ = double.TryParse(query["minimum"], NumberStyles.Float, CultureInfo.InvariantCulture, out var leastMs);
        var (traces, kept) = telemetry.Read((store, _, _) => (
            store.Newest(
                spans => Array.Exists(spans, span => IsChosen(span.Source)) && Array.Exists(spans, span => Has(span.Name))
                    && (!errors || Array.Exists(spans, span => span.Error is not null)) && Shown.Length(spans) >= leastMs * 1e6,
                MaxRows),
            Layout.Kept(store.Kept.Count, store.Kept.Bytes, store.Kept.Dropped, "spans")));
        html.Add($"{Filters("/traces", "Name of a span", more => more.Add(
            $"""
            <label>At least (ms) <input name="minimum" type="number" min="0" step="any" value="{query["minimum"].ToString()}"></label>
            <label><input type="checkbox" name="errors"{(errors ? box => box.Add($" checked") : null)}> with errors only</label>
            """))}");
        html.Add($"{Layout.Live("traces", "Traces, newest first", "Start|Name|Resources|Spans|Duration", rows => traces.ForEach(spans => Trace(rows, spans)))}{kept}");
    }

    public void Metrics(HtmlWriter html)
    {
        var (points, kept) = telemetry.Read((_, _, metrics) => (
            metrics.Points.Where(point => IsChosen(point.Key.Source) && (Has(point.Key.Name) || Has(point.Key.Attributes)))
                .OrderBy(point => (point.Key.Name, point.Key.Source.Name, point.Key.Attributes)).Take(MaxSeries).ToList(),
            Layout.Kept(metrics.Count, metrics.Bytes, metrics.Dropped, $"series (at most {MaxSeries} shown)")));
        html.Add($"{Filters("/metrics", "Name or attribute", _ => { })}");
        html.Add($"{Layout.Live("metrics", "Metrics: latest values", "Name|Resource|Attributes|Value|Per second|Mean|p50|p95|p99|At", rows => points.ForEach(point => Series(rows, point)))}{kept}");
    }

    private bool IsChosen(Source source) => chosen.Length == 0 || source.Name == chosen;

    private bool Has(string text) => text.Contains(_text, StringComparison.OrdinalIgnoreCase);

    private Action<HtmlWriter> Filters(string url, string textLabel, Action<HtmlWriter> more) => html => html.Add(
        $"""
        <form method="get" action="{url}" class="filters" role="search">{Layout.Choice("resource", "Resource", resources.Prepend(""), chosen)}{Layout.Text("text", textLabel, _text)}{more}
        <button>Filter</button></form>
        """);

    private static void Log(HtmlWriter html, LogEntry entry)
    {
        var level = s_levels.Last(known => entry.Severity >= known.Least || known.Least == 0).Name;
        html.Add($"<tr class=\"level-{level.ToLowerInvariant()}\"><td>{Shown.Time(entry.Time)}</td><td>{entry.Source.Name}</td><td>{level}</td><td class=\"wide\">");
        html.Add($"<details><summary>{Secrets.MaskText(entry.Message)}</summary>{Shown.Tags([new("category", entry.Category), new("replica", entry.Source.Instance), .. entry.Tags])}</details></td><td>");
        html.Add($"{(entry.Span.TraceId == 0 ? null : link => link.Add($"<a href=\"{Shown.Url(entry.Span)}\">{Shown.Id(entry.Span.TraceId)[..7]}</a>"))}</td></tr>");
    }

    private static void Trace(HtmlWriter html, SpanRecord[] spans)
    {
        var first = spans.MinBy(span => (span.ParentId != 0, span.Start))!;
        var errors = spans.Count(span => span.Error is not null);
        html.Add($"<tr><td>{Shown.Time(first.Start)}</td><td class=\"wide\"><a href=\"{Shown.Url(first.Key with { SpanId = 0 })}\">{first.Name}</a> <small>{Shown.Id(first.Key.TraceId)[..7]}</small></td>");
        html.Add($"<td>{string.Join(", ", spans.Select(span => span.Source.Name).Distinct())}</td><td>{spans.Length}{(errors == 0 ? null : note => note.Add($" <span class=\"state bad\">{errors} with errors</span>"))}</td>");
        html.Add($"<td>{Shown.Duration(Shown.Length(spans))}</td></tr>");
    }

    private static void Series(HtmlWriter html, Point point)
    {
        html.Add($"<tr><th scope=\"row\">{point.Key.Name}<small>{point.Description}</small></th><td>{point.Key.Source.Name} <small>{point.Key.Source.Instance}</small></td><td class=\"wide\">{Secrets.MaskText(point.Key.Attributes)}</td>");
        html.Add($"<td class=\"number\">{Shown.Number(point.Value)}{(point.Histogram is null ? "" : " ×")} <small>{point.Unit}</small></td>");
        foreach (var value in new[] { point.Rate, point.Mean, point.Percentile(0.5), point.Percentile(0.95), point.Percentile(0.99) })
        {
            html.Add($"<td class=\"number\">{Shown.Number(value)}</td>");
        }

        html.Add($"<td>{Shown.Time(point.Time)}</td></tr>");
    }
}
