using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Windows;

/// <summary>For readers: the hopping and cumulative windows that are still open, built from their stored panes.</summary>
public static class OpenWindows
{
    /// <summary>
    /// The open windows of one key that have a pane, by end. Takes O(1) merges for each window. Of panes with the same interval (from several input
    /// partitions) the merge counts.
    /// </summary>
    /// <param name="grid">Where the windows lie.</param>
    /// <param name="panes">The key's panes, in any order.</param>
    /// <param name="closedEndMs">
    /// Windows that end at this moment or before are closed and have rows of their own: the partition's watermark − grace, milliseconds since the Unix
    /// epoch; of several partitions, the smallest. <see cref="long.MinValue"/> while there is no watermark.
    /// </param>
    /// <exception cref="ArgumentException">A pane is none of this grid.</exception>
    /// <exception cref="MeasureStateException">States of different measures cannot be merged.</exception>
    public static IEnumerable<(Window Window, Measured Value)> From(WindowGrid grid, IEnumerable<(Window Window, Measured Value)> panes, long closedEndMs)
    {
        var series = new PaneSeries<Pane>();
        foreach (var same in panes.GroupBy(pane => pane.Window, pane => pane.Value).OrderBy(same => same.Key.StartMs))
        {
            if (grid.SliceOf(same.Key.StartMs) != same.Key)
            {
                throw new ArgumentException($"{same.Key} is no slice of this grid.", nameof(panes));
            }

            series.Insert(new Pane(same.Key, same.Aggregate((sum, next) => sum.Merge(next))));
        }

        for (long end = closedEndMs; series.First is { } first;)
        {
            if (grid.FirstOverEndingAfter(first.Window, end) is not { } window)
            {
                series.RemoveFirst();
            }
            else if (series.Merge(window) is { } value)
            {
                yield return (window, value);
                end = window.EndMs;
            }
        }
    }
}
