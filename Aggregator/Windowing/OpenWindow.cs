using System.Runtime.CompilerServices;
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

    /// <summary>There may be stored rows of keys that are not here.</summary>
    public bool HasEvicted { get; private set; }

    /// <summary>About how much memory it takes.</summary>
    public long ApproximateBytes { get; private set; }

    public void Add(ReadOnlySpan<byte> key, in EventValues e, int take)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_byBytes, key, out bool isKnown);
        if (!entry.IsChanged)
        {
            MarkChanged(key);
            entry.TouchedAt = take;
            if (!isKnown)
            {
                entry.IsPart = HasEvicted;
                ApproximateBytes += Cost.Entry + key.Length + (HasEvicted ? PartBytes : 0);
            }
        }

        entry.Cell.Add(_measures, e);
        if (_measures.NeedsState)
        {
            Measure(ref entry);
        }
    }

    /// <summary>Takes a row as it was written; it counts as unchanged.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Load(WindowRow row, int take)
    {
        var entry = new Entry { Cell = new Cell(new Measured(row.Measures, row.State)), TakenCount = row.Measures.Count, TouchedAt = take };
        ApproximateBytes += Cost.Entry + row.Key.Utf8.Length;
        Measure(ref entry);
        _entries.Add(row.Key, entry);
    }

    public void Survey(EvictionSurvey survey)
    {
        foreach ((GroupKey key, Entry entry) in _entries.Where(entry => !entry.Value.IsChanged))
        {
            survey.Count(entry.TouchedAt, Cost.Entry + key.Utf8.Length + entry.StateBytes);
        }
    }

    public void Evict(int touchedUpTo)
    {
        int before = _entries.Count;
        foreach ((GroupKey key, Entry entry) in _entries.Where(entry => !entry.Value.IsChanged && entry.Value.TouchedAt <= touchedUpTo))
        {
            ApproximateBytes -= Cost.Entry + key.Utf8.Length + entry.StateBytes;
            _entries.Remove(key);
        }

        if (_entries.Count < before)
        {
            HasEvicted = true;
            _entries.TrimExcess();
        }
    }

    /// <summary>The keys of which the next take must have the stored rows.</summary>
    public IEnumerable<GroupKey> MissingKeys() => HasEvicted ? _changed.Where(key => _entries[key].IsPart) : [];

    /// <summary>There are stored rows that are not loaded.</summary>
    public void Leave() => HasEvicted = true;

    /// <summary>Brings back a stored row of a key that is here in part.</summary>
    public void Supply(WindowRow row)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, row.Key);
        if (!Unsafe.IsNullRef(ref entry) && entry.IsPart)
        {
            entry.Cell.Merge(new Measured(row.Measures, row.State));
            entry.TakenCount = row.Measures.Count;
            MakeWhole(ref entry);
            Measure(ref entry);
        }
    }

    /// <summary>Nothing more is stored of this key.</summary>
    public void Supplied(GroupKey key)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, key);
        if (!Unsafe.IsNullRef(ref entry))
        {
            MakeWhole(ref entry);
        }
    }

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

    // What the stored row will bring is counted from the start: loading it takes no room that was not there.
    private int PartBytes => _measures.NeedsState ? Cost.PartWithState : Cost.Part;

    private void MakeWhole(ref Entry entry)
    {
        ApproximateBytes -= entry.IsPart ? PartBytes : 0;
        entry.IsPart = false;
    }

    private void Measure(ref Entry entry)
    {
        int bytes = entry.Cell.StateBytes;
        ApproximateBytes += bytes - entry.StateBytes;
        entry.StateBytes = bytes;
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

        /// <summary>How many takes there had been when it was touched first after a take.</summary>
        public int TouchedAt;

        public int StateBytes;

        /// <summary>There may be a stored row of the same key, with the events of before.</summary>
        public bool IsPart;

        public readonly bool IsChanged => Cell.Measures.Count != TakenCount;
    }
}
