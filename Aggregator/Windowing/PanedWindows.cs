using System.Runtime.InteropServices;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// Hopping and cumulative windows. An event goes into one pane; a window is merged from panes once, when it closes; a pane goes when the last of its
/// windows has closed. Only panes are open rows: readers build open windows from them.
/// </summary>
internal sealed class PanedWindows : WindowKeeper
{
    private readonly WindowGrid _grid;
    private readonly Dictionary<GroupKey, KeyPanes> _keys = new(GroupKeyComparer.Instance);
    private readonly Dictionary<GroupKey, KeyPanes>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly List<KeyedPane> _changed = [];
    private readonly List<WindowRow> _closed = [];
    private readonly List<RemovedRow> _removed = [];

    // Evicted panes of windows that closed: which of the closed rows need their states.
    private readonly Dictionary<(GroupKey Key, Window Window), List<int>> _waiting = [];
    private KeyPanes[]? _inOrder;
    private Window _recent;
    private long _recentFirstEndMs;
    private long _recentLastEndMs;
    private Window _next;
    private int _panes;
    private long _bytes;

    public PanedWindows(WindowSpec of, WindowGrid grid, MeasurePlan measures)
        : base(of, measures)
    {
        _grid = grid;
        _byBytes = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override int OpenWindows => _panes;

    public override long ApproximateBytes => _bytes;

    public override bool Add(ReadOnlySpan<byte> key, in EventValues e, out long lastEndMs)
    {
        if (!_recent.Contains(e.EventTimeMs))
        {
            Recall(_grid.SliceOf(e.EventTimeMs));
        }

        if (_recentFirstEndMs <= ClosedEndMs)
        {
            CountMissed(key);
        }

        lastEndMs = _recentLastEndMs;
        if (_recentLastEndMs <= ClosedEndMs)
        {
            return false;
        }

        KeyPanes panes = PanesOf(key);
        KeyedPane pane = panes.Series.Find(_recent.StartMs) ?? Insert(new KeyedPane(panes, _recent));
        if (pane.NewEvents == 0)
        {
            _changed.Add(pane);
            pane.TouchedAt = Takes;
        }

        _bytes -= StateBytes(pane);
        panes.Series.Add(pane, Plan, e);
        _bytes += StateBytes(pane);
        return true;
    }

    public override void Load(WindowRow row)
    {
        if (!row.IsPane || _grid.SliceOf(row.Window.StartMs) != row.Window)
        {
            throw NoOpenRow(row);
        }

        if (_grid.LastOver(row.Window).EndMs <= ClosedEndMs)
        {
            _removed.Add(new RemovedRow(Of, row.Window, row.Key, IsPane: true));
            return;
        }

        ref KeyPanes? panes = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, row.Key, out _);
        panes ??= NewKey(row.Key);
        Insert(new KeyedPane(panes, row.Window, new Measured(row.Measures, row.State)) { TouchedAt = Takes });
    }

    public override void Survey(EvictionSurvey survey)
    {
        foreach (KeyedPane pane in _keys.Values.SelectMany(panes => panes.Series.Panes).Where(pane => pane.IsEvictable))
        {
            survey.Count(pane.TouchedAt, StateBytes(pane));
        }
    }

    /// <summary>
    /// Evicts states only: what remains of a pane is little more than would have to be kept to know that there is one. With a state go the merges that it is in.
    /// </summary>
    public override void Evict(int touchedUpTo)
    {
        foreach (KeyPanes panes in _keys.Values)
        {
            List<KeyedPane> evicted = [.. panes.Series.Panes.Where(pane => pane.IsEvictable && pane.TouchedAt <= touchedUpTo)];
            foreach (KeyedPane pane in evicted)
            {
                _bytes -= StateBytes(pane);
                pane.Evict();
            }

            if (evicted.Count > 0)
            {
                _bytes -= panes.Series.MergedBytes;
                panes.Series.Forget();
                panes.Evicted += evicted.Count;
            }
        }
    }

    public override void AddMissing(List<MissingRows> missing)
    {
        missing.AddRange(_waiting.Keys.Select(pane => new MissingRows(Of, pane.Window, pane.Key, IsPane: true)));
        missing.AddRange(_changed.Where(pane => pane.IsPart && !pane.IsGone && !_waiting.ContainsKey((pane.Owner.Key, pane.Window)))
            .Select(pane => new MissingRows(Of, pane.Window, pane.Owner.Key, IsPane: true)));
    }

    public override void Supply(WindowRow row)
    {
        if (_waiting.Remove((row.Key, row.Window), out List<int>? closed))
        {
            foreach (int at in closed)
            {
                var state = new SharedState(_closed[at].State);
                state.Merge(row.State);
                _closed[at] = _closed[at] with { State = state.Share() };
            }
        }

        if (_keys.TryGetValue(row.Key, out KeyPanes? panes) && panes.Series.Find(row.Window.StartMs) is { IsPart: true } pane)
        {
            _bytes -= StateBytes(pane);
            pane.Restore(row.State);
            _bytes += StateBytes(pane);
            panes.Evicted--;
        }
    }

    // A pane is known to be stored, so there is nothing to learn from a row that does not come.
    public override void Supplied(MissingRows asked)
    {
    }

    protected override void TakeRows(ChangeLists changes)
    {
        foreach (KeyedPane pane in _changed.Where(pane => !pane.IsGone))
        {
            changes.Open.Add(pane.Row(Of));
            pane.TakenCount = pane.Measures.Count;
        }

        changes.Closed.AddRange(_closed);
        changes.Removed.AddRange(_removed);
        _changed.Clear();
        _closed.Clear();
        _removed.Clear();
    }

    protected override void CloseDue()
    {
        while (NextEndMs <= ClosedEndMs)
        {
            Window window = _next;
            _inOrder ??= [.. _keys.Values.OrderBy(panes => panes.Key)];
            NextEndMs = long.MaxValue;
            foreach (KeyPanes panes in _inOrder)
            {
                Close(window, panes);
            }
        }
    }

    private void Close(Window window, KeyPanes panes)
    {
        if (Merge(window, panes) is { } value)
        {
            long unseen = Remove(panes, window.EndMs);
            _closed.Add(new WindowRow(Of, window, panes.Key, value.Measures, IsFinal: true) { State = value.State, NewEvents = unseen });
        }

        if (panes.Series.First is { } first)
        {
            Expect(first, window.EndMs);
        }
        else
        {
            _keys.Remove(panes.Key);
            _inOrder = null;
            _bytes -= Cost.Key + panes.Key.Utf8.Length + panes.Series.MergedBytes;
        }
    }

    private Measured? Merge(Window window, KeyPanes panes)
    {
        if (panes.Evicted == 0)
        {
            _bytes -= panes.Series.MergedBytes;
            Measured? value = panes.Series.Merge(window);
            _bytes += panes.Series.MergedBytes;
            return value;
        }

        List<KeyedPane> within = [.. panes.Series.Panes.TakeWhile(pane => pane.Window.StartMs < window.EndMs)];
        foreach (KeyedPane pane in within.Where(pane => pane.IsPart))
        {
            ref List<int>? waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, (panes.Key, pane.Window), out _);
            (waiting ??= []).Add(_closed.Count);
        }

        return within.Count == 0 ? null : panes.Series.MergeAll(window);
    }

    /// <summary>Takes out panes of which the last window has closed, and tells how many of their events no take has seen.</summary>
    private long Remove(KeyPanes panes, long closedEndMs)
    {
        long unseen = 0;
        while (panes.Series.First is { } first && _grid.LastOver(first.Window).EndMs <= closedEndMs)
        {
            unseen += first.NewEvents;
            first.IsGone = true;
            if (first.TakenCount > 0)
            {
                _removed.Add(new RemovedRow(Of, first.Window, panes.Key, IsPane: true));
            }

            long merged = panes.Series.MergedBytes;
            panes.Series.RemoveFirst();
            _bytes -= Cost.Pane + StateBytes(first) + merged - panes.Series.MergedBytes;
            panes.Evicted -= first.IsPart ? 1 : 0;
            _panes--;
        }

        return unseen;
    }

    /// <summary>The next window to close is the first over the earliest pane.</summary>
    private void Expect(KeyedPane pane, long closedEndMs)
    {
        if (_grid.FirstOverEndingAfter(pane.Window, closedEndMs) is { } window && window.EndMs < NextEndMs)
        {
            (_next, NextEndMs) = (window, window.EndMs);
        }
    }

    private KeyedPane Insert(KeyedPane pane)
    {
        pane.Owner.Series.Insert(pane);
        _panes++;
        _bytes += Cost.Pane + StateBytes(pane);
        Expect(pane, ClosedEndMs);
        return pane;
    }

    private KeyPanes PanesOf(ReadOnlySpan<byte> bytes)
    {
        if (!_byBytes.TryGetValue(bytes, out KeyPanes? panes))
        {
            panes = NewKey(new GroupKey(bytes));
            _keys.Add(panes.Key, panes);
        }

        return panes;
    }

    private KeyPanes NewKey(GroupKey key)
    {
        _inOrder = null;
        _bytes += Cost.Key + key.Utf8.Length;
        return new KeyPanes(key);
    }

    // Plans without a state are spared the question.
    private long StateBytes(KeyedPane pane) => Plan.NeedsState ? pane.StateBytes : 0;

    private void Recall(Window slice) =>
        (_recent, _recentFirstEndMs, _recentLastEndMs) = (slice, _grid.FirstOver(slice).EndMs, _grid.LastOver(slice).EndMs);

    private void CountMissed(ReadOnlySpan<byte> bytes)
    {
        var key = new GroupKey(bytes);
        foreach (Window window in _grid.WindowsOver(_recent).TakeWhile(window => window.EndMs <= ClosedEndMs))
        {
            CountLate(window, key);
        }
    }
}
