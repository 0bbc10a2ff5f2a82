using System.Runtime.InteropServices;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>
/// Hopping and cumulative windows. An event goes into one pane; a window is merged from panes once, when it closes; a pane goes when the last of its
/// windows has closed. Only panes are open rows: readers build open windows from them.
/// Invariant: a key is in memory with all its panes, or with none. While panes are stored that are not in memory, an event of a key that is not here waits
/// until its panes are; and a window over such panes is closed by the checkpoint, from PostgreSQL, so what is stored must not change before: all events wait for
/// that checkpoint's take.
/// </summary>
internal sealed partial class PanedWindows : WindowKeeper
{
    /// <summary>Rows of closed windows that are made in memory between two takes; further ones are left to the checkpoint.</summary>
    internal const int MostClosedRows = 100_000;

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
    private long _bytes;

    public PanedWindows(WindowSpec of, int kind, WindowGrid grid, MeasurePlan measures)
        : base(of, kind, measures)
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
            panes.Changed++;
            panes.TouchedAt = Takes;
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
        Insert(new KeyedPane(panes, row.Window, new Measured(row.Measures, row.State)));
    }

    protected override void TakeRows(ChangeLists changes)
    {
        foreach (KeyedPane pane in _changed)
        {
            pane.Owner.Changed = 0;
            if (!pane.IsGone)
            {
                changes.Open.Add(pane.Row(Of));
                pane.TakenCount = pane.Measures.Count;
            }
        }

        changes.Closed.AddRange(_closed);
        changes.Removed.AddRange(_removed);
        changes.Stored.AddRange(_storedClosings.Select(window => new StoredClosing(Of, Kind, window, StoredKind.Panes)));
        changes.RemovedSlices.AddRange(_deadSlices.OrderBy(slice => slice.StartMs).Select(slice => new RemovedSlice(Of, slice)));
        _changed.Clear();
        _closed.Clear();
        _removed.Clear();
        _storedClosings.Clear();
        _deadSlices.Clear();
        ForgetEmpty();
    }

    protected override void CloseDue()
    {
        while (NextEndMs <= ClosedEndMs)
        {
            Window window = _next;
            // After one that is made of stored panes the others are too: its panes in memory are still to be written.
            bool isStored = MustTake || _closed.Count >= MostClosedRows || HasStoredIn(window);
            _inOrder ??= [.. _keys.Values.OrderBy(panes => panes.Key)];
            NextEndMs = long.MaxValue;
            foreach (KeyPanes panes in _inOrder)
            {
                Close(window, panes, isStored);
            }

            if (isStored)
            {
                _storedClosings.Add(window);
                ForgetSlices(window.EndMs);
            }

            ExpectStored(window.EndMs);
        }
    }

    private void Close(Window window, KeyPanes panes, bool isStored)
    {
        if (isStored)
        {
            Remove(panes, window.EndMs, isStored);
        }
        else if (Merge(window, panes) is { } value)
        {
            long unseen = Remove(panes, window.EndMs, isStored);
            _closed.Add(new WindowRow(Of, window, panes.Key, value.Measures, IsFinal: true) { State = value.State, NewEvents = unseen });
        }

        if (panes.Series.First is { } first)
        {
            Expect(first, window.EndMs);
        }
        else
        {
            Forget(panes);
        }
    }

    private Measured? Merge(Window window, KeyPanes panes)
    {
        _bytes -= panes.Series.MergedBytes;
        Measured? value = panes.Series.Merge(window);
        _bytes += panes.Series.MergedBytes;
        return value;
    }

    /// <summary>
    /// Takes out panes of which the last window has closed, and tells how many of their events no take has seen. Where the window is closed from what is stored, the
    /// panes are written once more and go with their slice.
    /// </summary>
    private long Remove(KeyPanes panes, long closedEndMs, bool isStored)
    {
        long unseen = 0;
        while (panes.Series.First is { } first && _grid.LastOver(first.Window).EndMs <= closedEndMs)
        {
            unseen += first.NewEvents;
            first.IsGone = !isStored;
            if (isStored)
            {
                _deadSlices.Add(first.Window);
            }
            else if (first.TakenCount > 0)
            {
                _removed.Add(new RemovedRow(Of, first.Window, panes.Key, IsPane: true));
            }

            long merged = panes.Series.MergedBytes;
            panes.Series.RemoveFirst();
            _bytes -= Cost.Pane + StateBytes(first) + merged - panes.Series.MergedBytes;
            _panes--;
        }

        return unseen;
    }

    private long BytesOf(KeyPanes panes) =>
        Cost.Key + panes.Key.Utf8.Length + panes.Series.MergedBytes + (panes.Series.Count * (long)Cost.Pane) + (Plan.NeedsState ? panes.Series.Panes.Sum(pane => (long)pane.StateBytes) : 0);

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
        return new KeyPanes(key) { TouchedAt = Takes };
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
