using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Alerts;

/// <summary>Where windows of one kind end, whether they have a row or not. All times are milliseconds since the Unix epoch.</summary>
internal sealed class WindowEnds
{
    private readonly WindowGrid _grid;

    private WindowEnds(WindowGrid grid) => _grid = grid;

    /// <summary>Null for sessions: where nothing happens there is no session.</summary>
    public static WindowEnds? Of(WindowSpec windows) => windows is SessionWindows ? null : new WindowEnds(WindowGrid.Of(windows));

    /// <summary>The first end after this moment.</summary>
    public long After(long ms) => _grid.FirstOver(_grid.SliceOf(ms)).EndMs;

    /// <summary>The window that ends here.</summary>
    public Window Ending(long endMs) => _grid.FirstOver(_grid.SliceOf(endMs - 1));
}
