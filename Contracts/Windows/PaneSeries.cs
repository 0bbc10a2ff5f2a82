using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Windows;

/// <summary>
/// The panes of one key, and the windows that slide over them. Windows are merged in the order of their ends, each with O(1) merges on average however many
/// panes it has, by two stacks: the panes from the first of the window on to some boundary are the front, where each pane knows the merge of itself and all
/// behind it (its suffix); the panes from the boundary to the window's end are the back, of which there is one merge. When the front is used up, the back
/// becomes the front. (The technique is that of Tangwongsan, Hirzel, Schneider: "Low-Latency Sliding-Window Aggregation in Worst-Case Constant Time",
/// DEBS 2017, in its simplest form.) An event for a pane that was merged already goes into the back's merge as well, or makes the suffixes up to its
/// pane stale; they are computed anew when they are needed.
/// </summary>
public sealed class PaneSeries<T>
    where T : Pane
{
    private readonly List<T> _panes = [];
    private Cell _back;
    private int _backBytes;
    private int _first;
    private long _frontEndMs = long.MinValue;
    private long _backEndMs = long.MinValue;
    private long _staleBeforeMs = long.MinValue;

    /// <summary>The pane of the earliest time; null when there is none.</summary>
    public T? First => _first < _panes.Count ? _panes[_first] : null;

    /// <summary>How many panes there are.</summary>
    public int Count => _panes.Count - _first;

    /// <summary>The panes by time.</summary>
    public IEnumerable<T> Panes => _panes.Skip(_first);

    /// <summary>About how many bytes the merges take that are kept for windows to come; the panes' own states are not in it.</summary>
    public long MergedBytes { get; private set; }

    /// <summary>The pane that starts then; null when there is none.</summary>
    public T? Find(long startMs)
    {
        int at = IndexOf(startMs);
        return at < _panes.Count && _panes[at].Window.StartMs == startMs ? _panes[at] : null;
    }

    /// <summary>Puts in a pane that is not there yet.</summary>
    /// <exception cref="ArgumentException">There is one that starts at the same time.</exception>
    public void Insert(T pane)
    {
        int at = IndexOf(pane.Window.StartMs);
        if (at < _panes.Count && _panes[at].Window.StartMs == pane.Window.StartMs)
        {
            throw new ArgumentException($"Pane {pane.Window} is there already.", nameof(pane));
        }

        _panes.Insert(at, pane);
        if (pane.Measures.Count > 0)
        {
            Changed(pane, pane.Value());
        }
    }

    /// <summary>Adds an event to a pane of this series.</summary>
    public void Add(T pane, MeasurePlan plan, in EventValues e)
    {
        pane.Add(plan, e);
        if (pane.Window.StartMs >= _backEndMs)
        {
            return;
        }

        if (pane.Window.StartMs >= _frontEndMs)
        {
            _back.Add(plan, e);
        }
        else
        {
            _staleBeforeMs = Math.Max(_staleBeforeMs, pane.Window.EndMs);
        }
    }

    /// <summary>Takes out the first pane.</summary>
    public void RemoveFirst()
    {
        SetSuffix(_panes[_first], default);
        _panes[_first++] = null!;
        if (_first > 16 && _first > _panes.Count / 2)
        {
            _panes.RemoveRange(0, _first);
            _first = 0;
        }
    }

    /// <summary>What was measured in a window that ends no earlier than those that were asked for before; null when it has no pane. Panes before it are left out.</summary>
    public Measured? Merge(Window window)
    {
        while (First is { } before && before.Window.StartMs < window.StartMs)
        {
            RemoveFirst();
        }

        if (First is not { } first || first.Window.StartMs >= window.EndMs)
        {
            return null;
        }

        if (first.Window.StartMs >= _frontEndMs)
        {
            // Nothing is left of the front: what was the back, and what lies between it and the window's end, becomes the front.
            SetBack(default);
            (_frontEndMs, _backEndMs, _staleBeforeMs) = (window.EndMs, window.EndMs, window.EndMs);
        }
        else
        {
            ExtendBack(window.EndMs);
        }

        RefreshSuffixes(first);
        return _back.Measures.Count == 0 ? first.Suffix : first.Suffix.Merge(_back.Value());
    }

    private void Changed(T pane, Measured by)
    {
        if (pane.Window.StartMs >= _backEndMs)
        {
            return;
        }

        if (pane.Window.StartMs >= _frontEndMs)
        {
            _back.Merge(by);
        }
        else
        {
            _staleBeforeMs = Math.Max(_staleBeforeMs, pane.Window.EndMs);
        }
    }

    private void ExtendBack(long endMs)
    {
        for (int at = IndexOf(_backEndMs); at < _panes.Count && _panes[at].Window.StartMs < endMs; at++)
        {
            _back.Merge(_panes[at].Value());
        }

        _backEndMs = Math.Max(_backEndMs, endMs);
        SetBack(_back);
    }

    private void RefreshSuffixes(T first)
    {
        if (first.Window.StartMs >= _staleBeforeMs)
        {
            return;
        }

        int frontCount = IndexOf(_frontEndMs);
        for (int at = IndexOf(_staleBeforeMs) - 1; at >= _first; at--)
        {
            Measured own = _panes[at].Value();
            SetSuffix(_panes[at], at + 1 < frontCount ? own.Merge(_panes[at + 1].Suffix) : own);
        }

        _staleBeforeMs = long.MinValue;
    }

    private void SetSuffix(T pane, Measured suffix)
    {
        MergedBytes += (suffix.State?.ApproximateBytes ?? 0) - (pane.Suffix.State?.ApproximateBytes ?? 0);
        pane.Suffix = suffix;
    }

    private void SetBack(Cell back)
    {
        MergedBytes += back.StateBytes - _backBytes;
        (_back, _backBytes) = (back, back.StateBytes);
    }

    /// <summary>The index of the first pane that starts then or later. Most often it is one of the last.</summary>
    private int IndexOf(long startMs)
    {
        int low = _first, high = _panes.Count;
        for (int tries = 0; tries < 2 && high > low && _panes[high - 1].Window.StartMs >= startMs; tries++)
        {
            high--;
        }

        if (high == low || _panes[high - 1].Window.StartMs < startMs)
        {
            return high;
        }

        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _panes[middle].Window.StartMs < startMs ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
