using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>Stored rows that an engine has evicted and needs before it can hand over its changes.</summary>
/// <param name="Of">Which of the pipeline's windows.</param>
/// <param name="Window">The row's interval.</param>
/// <param name="Key">The row's key; null: all rows of this interval that are not final.</param>
/// <param name="IsPane">Whether they are panes.</param>
public readonly record struct MissingRows(WindowSpec Of, Window Window, GroupKey? Key, bool IsPane);

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
}
