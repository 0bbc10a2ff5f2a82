using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>The open windows of one key in one input partition, built from its panes. What lies in columns is built at once, states when they are wanted.</summary>
public static class OpenPanes
{
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="plan">What is measured.</param>
    /// <param name="panes">All panes of one key from one source.</param>
    /// <param name="closedEndMs">Windows that end then or before are closed in that partition: its watermark − grace.</param>
    /// <returns>By end.</returns>
    public static IEnumerable<(Window Window, IWindowPart Part)> Of(WindowGrid grid, MeasurePlan plan, IReadOnlyList<StoredRow> panes, long closedEndMs)
    {
        // A row that is no slice of this grid belongs to another definition; it can be in no window.
        var own = panes.Where(pane => grid.SliceOf(pane.Window.StartMs) == pane.Window).ToList();
        var full = new Lazy<Dictionary<Window, MeasureState?>>(() => OpenWindows
            .From(grid, own.Select(pane => (pane.Window, new Measured(pane.Basic, pane.State(plan)))), closedEndMs)
            .ToDictionary(open => open.Window, open => open.Value.State));
        var (source, version) = own.Count == 0 ? default : (own[0].Source, own.Max(pane => pane.Version));
        return OpenWindows
            .From(grid, own.Select(pane => (pane.Window, new Measured(pane.Basic, null))), closedEndMs)
            .Select(open => (open.Window, (IWindowPart)new Part(source, open.Value.Measures, version, open.Window, full)));
    }

    private sealed record Part(RowSource Source, BasicMeasures Basic, long Version, Window Window, Lazy<Dictionary<Window, MeasureState?>> Full) : IWindowPart
    {
        public long Late => 0;

        public bool IsFinal => false;

        // A copy: windows share the states of their panes.
        public MeasureState? State(MeasurePlan plan) => Full.Value[Window]?.Clone();
    }
}
