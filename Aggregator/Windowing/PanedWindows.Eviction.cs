using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>What concerns panes that are stored and not in memory.</summary>
internal sealed partial class PanedWindows
{
    // Starts of the slices of which panes are stored that are not in memory.
    private readonly SortedSet<long> _storedSlices = [];
    private readonly HashSet<GroupKey> _wanted = new(GroupKeyComparer.Instance);
    private readonly List<KeyPanes> _brought = [];
    private readonly List<Window> _storedClosings = [];
    private readonly HashSet<Window> _deadSlices = [];

    public override bool MayWait => _storedSlices.Count > 0 || MustTake;

    public override bool MustTake => _storedClosings.Count > 0;

    public override long WantedRows => _wanted.Count * (long)_storedSlices.Count;

    public override void Leave(in StoredRows stored)
    {
        if (!stored.IsPane || _grid.SliceOf(stored.Window.StartMs) != stored.Window)
        {
            throw new ArgumentException($"No slice of this pipeline: {stored}.", nameof(stored));
        }

        _storedSlices.Add(stored.Window.StartMs);
        ExpectStored(ClosedEndMs);
    }

    public override void Survey(EvictionSurvey survey)
    {
        foreach (KeyPanes panes in _keys.Values.Where(panes => panes.Changed == 0))
        {
            survey.Count(panes.TouchedAt, BytesOf(panes));
        }
    }

    public override void Evict(int touchedUpTo)
    {
        foreach (KeyPanes panes in _keys.Values.Where(panes => panes.Changed == 0 && panes.TouchedAt <= touchedUpTo))
        {
            foreach (KeyedPane pane in panes.Series.Panes)
            {
                _storedSlices.Add(pane.Window.StartMs);
            }

            _bytes -= BytesOf(panes);
            _panes -= panes.Series.Count;
            _keys.Remove(panes.Key);
            _inOrder = null;
        }

        _keys.TrimExcess();
    }

    public override bool Wants(ReadOnlySpan<byte> key, in EventValues e)
    {
        if (_storedSlices.Count == 0 || _byBytes.ContainsKey(key) || _grid.LastOver(_grid.SliceOf(e.EventTimeMs)).EndMs <= ClosedEndMs)
        {
            return false;
        }

        _wanted.Add(new GroupKey(key));
        return true;
    }

    public override void TakeWanted(List<WantedKey> wanted)
    {
        Window[] slices = _wanted.Count == 0 ? [] : [.. _storedSlices.Select(_grid.SliceOf)];
        wanted.AddRange(_wanted.Select(key => new WantedKey(Of, key, slices, IsPane: true)));
        _wanted.Clear();
    }

    public override void Bring(WindowRow row)
    {
        KeyPanes panes = Known(row.Key);
        if (panes.Series.Find(row.Window.StartMs) is null && _grid.LastOver(row.Window).EndMs > ClosedEndMs)
        {
            Insert(new KeyedPane(panes, row.Window, new Measured(row.Measures, row.State)));
        }
    }

    public override void Brought(GroupKey key) => Known(key);

    // The view counts itself anew when it is asked, by going through it; its first element is found at once.
    private bool HasStoredIn(Window window) =>
        _storedSlices.Count > 0 && _storedSlices.GetViewBetween(window.StartMs, window.EndMs - 1).GetEnumerator().MoveNext();

    private void ForgetSlices(long closedEndMs)
    {
        while (_storedSlices.Count > 0 && _grid.SliceOf(_storedSlices.Min) is var slice && _grid.LastOver(slice).EndMs <= closedEndMs)
        {
            _storedSlices.Remove(_storedSlices.Min);
            _deadSlices.Add(slice);
        }
    }

    private void ExpectStored(long closedEndMs)
    {
        if (_storedSlices.Count > 0 && _grid.FirstOverEndingAfter(_grid.SliceOf(_storedSlices.Min), closedEndMs) is { } window && window.EndMs < NextEndMs)
        {
            (_next, NextEndMs) = (window, window.EndMs);
        }
    }

    // A key that was looked for and has no panes is known only until the take: nothing else would take it out.
    private void ForgetEmpty()
    {
        foreach (KeyPanes panes in _brought.Where(panes => panes.Series.First is null && _keys.GetValueOrDefault(panes.Key) == panes))
        {
            Forget(panes);
        }

        _brought.Clear();
    }

    private void Forget(KeyPanes panes)
    {
        _keys.Remove(panes.Key);
        _inOrder = null;
        _bytes -= BytesOf(panes);
    }

    private KeyPanes Known(GroupKey key)
    {
        if (!_keys.TryGetValue(key, out KeyPanes? panes))
        {
            panes = NewKey(key);
            _keys.Add(key, panes);
            _brought.Add(panes);
        }

        return panes;
    }
}
