using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>A stored row that an engine has evicted and needs again.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Window">The row's interval.</param>
/// <param name="Key">The row's key.</param>
/// <param name="IsPane">Whether it is a pane.</param>
public readonly record struct MissingRow(WindowSpec Of, Window Window, GroupKey Key, bool IsPane);

/// <summary>A key of which an engine needs all open rows before it can judge an event.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Key">The key.</param>
/// <param name="Windows">The intervals of which there may be a row.</param>
/// <param name="IsPane">Whether they are panes.</param>
public readonly record struct WantedKey(WindowSpec Of, GroupKey Key, IReadOnlyList<Window> Windows, bool IsPane)
{
    /// <summary>The rows that there may be.</summary>
    public IEnumerable<MissingRow> Rows
    {
        get
        {
            var (of, key, isPane) = (Of, Key, IsPane);
            return Windows.Select(window => new MissingRow(of, window, key, isPane));
        }
    }
}

/// <summary>There are open rows of this interval that a claim has left in PostgreSQL.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Window">The interval.</param>
/// <param name="IsPane">Whether they are panes.</param>
/// <param name="KeyHash">Of a session: the hash of its key (<see cref="GroupKey.HashOf"/>); of others nothing.</param>
public readonly record struct StoredRows(WindowSpec Of, Window Window, bool IsPane, int KeyHash);

/// <summary>How many bytes could be evicted, by the take before which they were touched last.</summary>
internal sealed class EvictionSurvey
{
    private readonly SortedDictionary<int, long> _bytes = [];

    public void Count(int touchedAt, long bytes) => _bytes[touchedAt] = _bytes.GetValueOrDefault(touchedAt) + bytes;

    /// <summary>What was touched no later than this take is to go, so that at least so many bytes do; null when there is nothing.</summary>
    public int? UpTo(long bytesToFree)
    {
        int? upTo = null;
        foreach ((int touchedAt, long bytes) in _bytes)
        {
            if (bytesToFree <= 0)
            {
                break;
            }

            (upTo, bytesToFree) = (touchedAt, bytesToFree - bytes);
        }

        return upTo;
    }
}

/// <summary>About how many bytes things take in memory besides their states and the text of keys.</summary>
internal static class Cost
{
    /// <summary>A key in a window: its entry in the window's table, and the key's objects.</summary>
    public const int Entry = 220;

    /// <summary>A pane.</summary>
    public const int Pane = 260;

    /// <summary>An open session.</summary>
    public const int Session = 240;

    /// <summary>A key that has panes or sessions.</summary>
    public const int Key = 300;

    /// <summary>What is remembered of an open session that is stored and not in memory.</summary>
    public const int StoredSession = 48;

    /// <summary>An entry that is to be merged with a stored row: the row, while it is loaded.</summary>
    public const int Part = 200;

    /// <summary>The same, where the row has a state: what states of a few sketches take.</summary>
    public const int PartWithState = 4096;

    /// <summary>An open row, its key counted with it.</summary>
    public static long Of(WindowRow row) =>
        (row.IsPane ? Key + Pane : row.Of is SessionWindows ? Key + Session : Entry) + row.Key.Utf8.Length + (row.State?.ApproximateBytes ?? 0);
}
