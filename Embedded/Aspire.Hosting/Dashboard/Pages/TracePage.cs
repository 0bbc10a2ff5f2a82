using Aspire.Hosting.Dashboard.Otlp;

namespace Aspire.Hosting.Dashboard.Pages;

/// <summary>One trace as a waterfall, on one axis of time with the traces that led to it and those that came of it.</summary>
internal sealed class TracePage(Telemetry telemetry, TraceView view)
{
    private const int MaxRows = 600, MaxLinks = 20;
    private readonly ulong _start = All(view).Min(span => span.Start);
    private readonly double _length = Math.Max(1, Shown.Length(All(view)));
    private int _rows;

    public Action<HtmlWriter> Render(string? chosenSpan) => html =>
    {
        var id = Shown.Id(view.Spans[0].Key.TraceId);
        html.Add($"<p>{view.Spans.Length} spans in {Shown.Duration(Shown.Length(view.Spans))}. <a href=\"/structuredlogs?traceId={id}\">Its logs</a></p>");
        html.Add($"{Layout.Live("waterfall", $"Trace {id}", $"Span|Resource|Duration|From 0 to {Shown.Duration(_length)}", rows =>
        {
            Group(rows, $"{view.Before.Count} traces led to it, by links", view.Before, null);
            Group(rows, $"Trace {id}", [view.Spans], chosenSpan);
            Group(rows, $"{view.After.Count} traces came of it, by links", view.After, null);
        })}{(_rows > MaxRows ? note => note.Add($"<p>Only the first {MaxRows} of {_rows} spans are shown.</p>") : null)}");
    };

    private static IEnumerable<SpanRecord> All(TraceView view) => view.Before.Append(view.Spans).Concat(view.After).SelectMany(spans => spans);

    private void Group(HtmlWriter html, string title, List<SpanRecord[]> traces, string? chosenSpan)
    {
        html.Add($"{(traces.Count == 0 ? null : group => group.Add($"<tr class=\"group\"><th colspan=\"4\" scope=\"colgroup\">{title}</th></tr>"))}");
        foreach (var spans in traces.OrderBy(spans => spans[0].Start))
        {
            var byParent = spans.OrderByDescending(span => span.Start).ToLookup(span => span.ParentId);
            var ids = spans.Select(span => span.Key.SpanId).ToHashSet();
            var open = new Stack<(SpanRecord Span, int Depth)>();
            // Spans whose parent is unknown begin a tree; last come those that are each other's parents, which only a faulty sender makes.
            foreach (var root in spans.OrderBy(span => (ids.Contains(span.ParentId), span.Start)).ToList())
            {
                open.Push((root, 0));
                while (open.TryPop(out var next))
                {
                    if (ids.Remove(next.Span.Key.SpanId) && ++_rows <= MaxRows)
                    {
                        Row(html, next.Span, Math.Min(next.Depth, 6), traces != view.Before && traces != view.After, chosenSpan);
                        byParent[next.Span.Key.SpanId].ToList().ForEach(child => open.Push((child, next.Depth + 1)));
                    }
                }
            }
        }
    }

    private void Row(HtmlWriter html, SpanRecord span, int depth, bool isOwn, string? chosenSpan)
    {
        var id = Shown.Id(span.Key.SpanId);
        html.Add($"<tr id=\"s{id}\"{(id == chosenSpan ? chosen => chosen.Add($" class=\"chosen\"") : null)}><td class=\"wide depth-{depth}\"><details><summary>{span.Name}");
        html.Add($"{(span.Error is null ? null : mark => mark.Add($" <span class=\"state bad\">error {Secrets.MaskText(span.Error)}</span>"))}</summary>");
        html.Add($"{Shown.Tags([new("span", id), new("kind", span.Kind.ToString()), new("replica", span.Source.Instance), .. span.Tags])}");
        Array.ForEach(span.Happenings, one => html.Add($"<p>{Shown.Time(one.Time)} {one.Name}</p>{Shown.Tags(one.Tags)}"));
        html.Add($"</details>{(isOwn ? Links("linked to", span.Links) : depth == 0 ? link => link.Add($"<p class=\"link\"><a href=\"{Shown.Url(span.Key)}\" aria-label=\"Trace of {span.Name} {id}\">its own trace</a></p>") : null)}");
        html.Add($"{(isOwn ? Links("linked from", [.. telemetry.Read((traces, _, _) => traces.LinkingTo(span.Key)).Select(linking => linking.Key)]) : null)}</td>");
        html.Add($"<td>{span.Source.Name}</td><td>{Shown.Duration(span.End - span.Start)}</td><td class=\"bar\"><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        var (x, width) = ((span.Start - _start) / _length * 996, Math.Max(4, (span.End - span.Start) / _length * 1000));
        html.Add($"<rect class=\"{(span.Error is null ? $"kind-{span.Kind.ToString().ToLowerInvariant()}" : "bad")}\" x=\"{x:0.#}\" width=\"{width:0.#}\" height=\"10\"/></svg></td></tr>");
    }

    private Action<HtmlWriter>? Links(string what, SpanKey[] keys) => keys.Length == 0 ? null : html =>
    {
        html.Add($"<p class=\"link\">{what} ");
        foreach (var key in keys.Take(MaxLinks))
        {
            var known = telemetry.Read((traces, _, _) => traces.Find(key));
            html.Add($"<a href=\"{Shown.Url(key)}\">{known?.Name ?? Shown.Id(key.SpanId)}</a>{(known is null ? " (not kept)" : $" of {known.Source.Name}")}{(key == keys[^1] ? "" : ", ")}");
        }

        html.Add($"{(keys.Length > MaxLinks ? $"and {keys.Length - MaxLinks} more" : "")}</p>");
    };
}
