using System.Runtime.InteropServices;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Windowing;

/// <summary>The keys of one open window and their measures; remembers which changed since the last take.</summary>
internal sealed class OpenWindow
{
    private readonly Dictionary<GroupKey, Entry> _entries = new(GroupKeyComparer.Instance);
    private readonly Dictionary<GroupKey, Entry>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly WindowSpec _of;
    private readonly MeasurePlan _measures;
    private readonly List<GroupKey> _changed = [];

    public OpenWindow(WindowSpec of, Window window, MeasurePlan measures)
    {
        _of = of;
        _measures = measures;
        Window = window;
        _byBytes = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public Window Window { get; }

    public int Count => _entries.Count;

    public int ChangedCount => _changed.Count;

    public void Add(ReadOnlySpan<byte> key, in EventValues e)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_byBytes, key, out _);
        if (!entry.IsChanged)
        {
            MarkChanged(key);
        }

        entry.Cell.Add(_measures, e);
    }

    /// <summary>Takes a row as it was written; it counts as unchanged.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Load(WindowRow row) =>
        _entries.Add(row.Key, new Entry { Cell = new Cell(new Measured(row.Measures, row.State)), TakenCount = row.Measures.Count });

    public void TakeChanged(List<WindowRow> rows)
    {
        foreach (GroupKey key in _changed)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
            rows.Add(Row(key, ref entry, isFinal: false));
            entry.TakenCount = entry.Cell.Measures.Count;
        }

        _changed.Clear();
    }

    /// <summary>Every row, final, in key order.</summary>
    public IEnumerable<WindowRow> Close()
    {
        GroupKey[] keys = [.. _entries.Keys];
        Array.Sort(keys);
        foreach (GroupKey key in keys)
        {
            yield return Row(key, ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key), isFinal: true);
        }
    }

    private void MarkChanged(ReadOnlySpan<byte> bytes)
    {
        _byBytes.TryGetValue(bytes, out GroupKey? key, out _);
        _changed.Add(key!);
    }

    private WindowRow Row(GroupKey key, ref Entry entry, bool isFinal)
    {
        Measured value = entry.Cell.Value();
        return new WindowRow(_of, Window, key, value.Measures, isFinal) { State = value.State, NewEvents = value.Measures.Count - entry.TakenCount };
    }

    private struct Entry
    {
        public Cell Cell;

        /// <summary>The count at the last take.</summary>
        public long TakenCount;

        public readonly bool IsChanged => Cell.Measures.Count != TakenCount;
    }
}
