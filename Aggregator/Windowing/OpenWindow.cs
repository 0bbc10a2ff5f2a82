using System.Runtime.InteropServices;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>The keys of one open window and their measures; remembers which changed since the last take.</summary>
internal sealed class OpenWindow
{
    private readonly Dictionary<GroupKey, Cell> _cells = new(GroupKeyComparer.Instance);
    private readonly Dictionary<GroupKey, Cell>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly WindowSpec _of;
    private readonly MeasurePlan _measures;
    private readonly List<GroupKey> _changed = [];

    public OpenWindow(WindowSpec of, Window window, MeasurePlan measures)
    {
        _of = of;
        _measures = measures;
        Window = window;
        _byBytes = _cells.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public Window Window { get; }

    public int Count => _cells.Count;

    public int ChangedCount => _changed.Count;

    public void Add(ReadOnlySpan<byte> key, in EventValues e)
    {
        ref Cell cell = ref CollectionsMarshal.GetValueRefOrAddDefault(_byBytes, key, out _);
        if (!cell.IsChanged)
        {
            MarkChanged(key);
        }

        cell.Measures = cell.Measures.With(_measures.ColumnValueOf(e));
        if (_measures.NeedsState)
        {
            cell.OwnState(_measures).Add(e);
        }
    }

    /// <summary>Takes a row as it was written; it counts as unchanged.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Load(WindowRow row) =>
        _cells.Add(row.Key, new Cell { Measures = row.Measures, State = row.State, IsStateShared = true, TakenCount = row.Measures.Count });

    public void TakeChanged(List<WindowRow> rows)
    {
        foreach (GroupKey key in _changed)
        {
            ref Cell cell = ref CollectionsMarshal.GetValueRefOrNullRef(_cells, key);
            rows.Add(cell.Row(_of, Window, key, isFinal: false));
            cell.TakenCount = cell.Measures.Count;
            cell.IsStateShared = true;
        }

        _changed.Clear();
    }

    /// <summary>Every row, final, in key order.</summary>
    public IEnumerable<WindowRow> Close() =>
        _cells.OrderBy(entry => entry.Key).Select(entry => entry.Value.Row(_of, Window, entry.Key, isFinal: true));

    private void MarkChanged(ReadOnlySpan<byte> bytes)
    {
        _byBytes.TryGetValue(bytes, out GroupKey? key, out _);
        _changed.Add(key!);
    }

    private struct Cell
    {
        public BasicMeasures Measures;

        public MeasureState? State;

        /// <summary>A row that was handed out holds the state as well, so it is copied before the next event.</summary>
        public bool IsStateShared;

        /// <summary>The count at the last take.</summary>
        public long TakenCount;

        public readonly bool IsChanged => Measures.Count != TakenCount;

        public readonly WindowRow Row(WindowSpec of, Window window, GroupKey key, bool isFinal) =>
            new(of, window, key, Measures, isFinal) { State = State, NewEvents = Measures.Count - TakenCount };

        public MeasureState OwnState(MeasurePlan plan)
        {
            State = State is null ? new MeasureState(plan) : IsStateShared ? State.Clone() : State;
            IsStateShared = false;
            return State;
        }
    }
}
