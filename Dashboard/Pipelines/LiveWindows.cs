using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>Builds the newest windows of a snapshot out of its rows: merged over partitions, those that are open out of their panes.</summary>
internal static class LiveWindows
{
    /// <summary>The newest <paramref name="count"/> windows; null while there is none.</summary>
    public static PipelinePeriod? Of(PipelineSnapshot snapshot, int count)
    {
        if (snapshot is not { Info: { Description: { } description } info, Spec: { } spec, Held.IsEmpty: false })
        {
            return null;
        }

        var merge = new WindowMerge(info, description, spec);
        var covers = info.Covers();
        var windows = merge.All(snapshot.Held)
            .Where(w => w.Window.StartMs >= snapshot.CompleteFromMs && covers.Any(c => c.Has(w.Window.StartMs)))
            .ToList();
        if (windows.Count == 0)
        {
            return null;
        }

        var columns = spec is SessionWindows ? Slots(description, spec, windows) : Grouped(windows);
        var shown = Gapless(spec.Columns(), columns, NewestEvent(info, description), merge, count);
        var from = shown.Length == 0 ? long.MaxValue : shown[0].Window.StartMs;
        ImmutableArray<MeasuredWindow> rows = spec is SessionWindows
            ? [.. windows.Where(w => w.Window.StartMs >= from)]
            : [.. shown.SelectMany(column => column.Cells)];
        return shown.Length == 0 ? null : new PipelinePeriod(spec, description.Measures, shown, rows)
        {
            Note = snapshot.CompleteFromMs == long.MinValue || shown.Length >= count ? null : $"Only the newest {shown.Length} windows fit in memory: there are many keys.",
        };
    }

    /// <summary>Sessions of one minute's starts become one place on the axis.</summary>
    internal static IEnumerable<(Window Window, ImmutableArray<MeasuredWindow> Cells)> Slots(PipelineDescription description, WindowSpec spec, IEnumerable<MeasuredWindow> sessions)
    {
        var grid = spec.Columns();
        return sessions.GroupBy(s => grid.SliceOf(s.Window.StartMs)).Select(slot => (slot.Key, slot
            .GroupBy(s => s.Key, StringComparer.Ordinal)
            .Select(key => MeasuredWindow.Of(description.Measures, slot.Key, key.Key, [.. key.SelectMany(s => s.Sources)], key.All(s => s.IsFinal)))
            .ToImmutableArray()));
    }

    /// <summary>Windows by interval.</summary>
    private static IEnumerable<(Window Window, ImmutableArray<MeasuredWindow> Cells)> Grouped(IEnumerable<MeasuredWindow> windows) =>
        windows.GroupBy(w => w.Window).Select(same => (same.Key, same.ToImmutableArray()));

    /// <summary>
    /// The newest places of the axis up to the one that is being filled: windows that end later overlap with it and hold nothing yet that it has not.
    /// </summary>
    private static ImmutableArray<WindowColumn> Gapless(
        WindowGrid grid, IEnumerable<(Window Window, ImmutableArray<MeasuredWindow> Cells)> columns, DateTimeOffset? newestEvent, WindowMerge merge, int count)
    {
        var byWindow = columns.ToDictionary(column => column.Window, column => column.Cells);
        var first = byWindow.Keys.MinBy(w => (w.EndMs, w.StartMs));
        var last = newestEvent is { } newest ? grid.FirstOver(grid.SliceOf(newest.ToUnixTimeMilliseconds())) : byWindow.Keys.MaxBy(w => (w.EndMs, w.StartMs));
        var shown = new Queue<WindowColumn>();
        for (var window = first; window.EndMs <= last.EndMs; window = grid.After(window))
        {
            var cells = byWindow.GetValueOrDefault(window, []);
            shown.Enqueue(new WindowColumn(window, cells, cells.Any(cell => !cell.IsFinal) || !merge.IsPassed(window)));
            if (shown.Count > count)
            {
                shown.Dequeue();
            }
        }

        return [.. shown];
    }

    /// <summary>About the largest event time: what the largest watermark stays behind by the allowed out-of-orderness.</summary>
    private static DateTimeOffset? NewestEvent(PipelineInfo info, PipelineDescription description) => PipelineReader.NewestWatermark(info) + description.OutOfOrderness;
}
