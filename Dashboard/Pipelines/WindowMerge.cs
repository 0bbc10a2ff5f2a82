using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>
/// Merges the rows of all input partitions into windows. A window of a pipeline that is keyed by the record is final when its row is; a merged one when the
/// smallest checkpointed watermark over all partitions of the topic has passed its end and grace.
/// </summary>
internal sealed class WindowMerge(PipelineInfo info, PipelineDescription description, WindowSpec spec)
{
    private readonly long _graceMs = (long)description.Grace.TotalMilliseconds;
    private readonly ImmutableDictionary<int, long?> _watermarks = info.Generations.ToImmutableDictionary(g => g.Number, g => info.SmallestWatermark(g.Number)?.ToUnixTimeMilliseconds());
    private readonly ImmutableDictionary<RowSource, long?> _sources = info.Partitions.ToImmutableDictionary(p => p.Source, p => p.Watermark?.ToUnixTimeMilliseconds());
    private readonly ImmutableArray<Coverage> _covers = info.Covers();
    private readonly ImmutableDictionary<int, MeasurePlan> _plans = info.Generations.ToImmutableDictionary(g => g.Number, g => info.PlanOf(g.Number, description.Measures));

    /// <summary>Whether every partition of the generation that shows this window has passed its end and grace.</summary>
    public bool IsPassed(Window window) =>
        _covers.FirstOrDefault(c => c.Has(window.StartMs)) is { Generation: > 0 } cover && IsPassed(window, cover.Generation);

    /// <summary>All windows that the rows hold.</summary>
    public IEnumerable<MeasuredWindow> All(ImmutableSortedDictionary<Window, WindowRows> held)
    {
        var open = WindowGridOrNull() is { HasPanes: true } grid ? FromPanes(grid, held.Values.SelectMany(rows => rows.Rows.Values).Where(row => row.Id.IsPane)) : [];
        if (spec is SessionWindows && !description.IsKeyedByRecord)
        {
            return Joined([.. held.Values.SelectMany(rows => rows.Rows.Values)]);
        }

        var closed = held.Where(h => !open.ContainsKey(h.Key))
            .SelectMany(h => h.Value.Built(IsPassed(h.Key), rows => Build(h.Key, rows.Rows.Values.Where(row => !row.Id.IsPane))));
        return closed.Concat(open.SelectMany(o => Build(o.Key, o.Value.Concat(held.GetValueOrDefault(o.Key)?.Rows.Values.Where(row => !row.Id.IsPane).Select(row => (row.Id.Key, (IWindowPart)row)) ?? []))));
    }

    private ImmutableArray<MeasuredWindow> Build(Window window, IEnumerable<StoredRow> rows) => Build(window, rows.Select(row => (row.Id.Key, (IWindowPart)row)));

    private ImmutableArray<MeasuredWindow> Build(Window window, IEnumerable<(string Key, IWindowPart Part)> parts) =>
    [
        .. parts.Where(p => Shows(window, p.Part.Source.Generation)).GroupBy(p => p.Key, p => p.Part, StringComparer.Ordinal)
            .Select(key => Merge(window, key.Key, key)),
    ];

    private MeasuredWindow Merge(Window window, string key, IEnumerable<IWindowPart> of)
    {
        List<IWindowPart> parts = [.. of];
        var isFinal = description.IsKeyedByRecord ? parts.TrueForAll(p => p.IsFinal) : IsPassed(window, parts[0].Source.Generation);
        return MeasuredWindow.Of(description.Measures, PlanOf(parts[0].Source), window, key, parts, isFinal);
    }

    private Dictionary<Window, List<(string Key, IWindowPart Part)>> FromPanes(WindowGrid grid, IEnumerable<StoredRow> panes)
    {
        var open = new Dictionary<Window, List<(string, IWindowPart)>>();
        foreach (var same in panes.GroupBy(pane => pane.Id))
        {
            var closedEnd = _sources.GetValueOrDefault(same.Key.Source) is { } watermark ? watermark - _graceMs : long.MinValue;
            foreach (var (window, part) in OpenPanes.Of(grid, PlanOf(same.Key.Source), [.. same], closedEnd))
            {
                (open.TryGetValue(window, out var parts) ? parts : open[window] = []).Add((same.Key.Key, part));
            }
        }

        return open;
    }

    /// <summary>A burst of a key whose events lie in several partitions is a session in each; those that have a moment in common are one.</summary>
    private IEnumerable<MeasuredWindow> Joined(IReadOnlyList<StoredRow> rows)
    {
        foreach (var key in rows.Where(row => Shows(row.Window, row.Source.Generation)).GroupBy(row => (row.Id.Key, row.Source.Generation)))
        {
            var joined = new List<StoredRow>();
            var window = default(Window);
            foreach (var row in key.OrderBy(row => row.Window.StartMs))
            {
                if (joined.Count > 0 && row.Window.StartMs >= window.EndMs)
                {
                    yield return Merge(window, key.Key.Key, joined);
                    joined.Clear();
                }

                window = joined.Count == 0 ? row.Window : new Window(window.StartMs, Math.Max(window.EndMs, row.Window.EndMs));
                joined.Add(row);
            }

            yield return Merge(window, key.Key.Key, joined);
        }
    }

    // A window's rows are all of one generation: the one that shows it.
    private MeasurePlan PlanOf(RowSource source) => _plans.GetValueOrDefault(source.Generation, description.Measures);

    private bool Shows(Window window, int generation) => _covers.Any(c => c.Generation == generation && c.Has(window.StartMs));

    private bool IsPassed(Window window, int generation) => _watermarks.GetValueOrDefault(generation) is { } watermark && watermark >= window.EndMs + _graceMs;

    private WindowGrid? WindowGridOrNull() => spec is SessionWindows ? null : WindowGrid.Of(spec);
}
