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
    private KeyPanes[]? _inOrder;
    private Window _recent;
    private long _recentFirstEndMs;
    private long _recentLastEndMs;
    private Window _next;
    private int _panes;

    public PanedWindows(WindowSpec of, WindowGrid grid, MeasurePlan measures)
        : base(of, measures)
    {
        _grid = grid;
        _byBytes = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override int OpenWindows => _panes;

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
        }

        panes.Series.Add(pane, Plan, e);
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
        panes ??= new KeyPanes(row.Key);
        _inOrder = null;
        Insert(new KeyedPane(panes, row.Window, new Measured(row.Measures, row.State)));
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
        if (panes.Series.Merge(window) is { } value)
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
        }
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

            panes.Series.RemoveFirst();
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
        Expect(pane, ClosedEndMs);
        return pane;
    }

    private KeyPanes PanesOf(ReadOnlySpan<byte> bytes)
    {
        if (!_byBytes.TryGetValue(bytes, out KeyPanes? panes))
        {
            panes = new KeyPanes(new GroupKey(bytes));
            _keys.Add(panes.Key, panes);
            _inOrder = null;
        }

        return panes;
    }

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
