namespace Streaming.Tests.Oracle;

/// <summary>What an oracle makes of a record: an event with its key, its value in units of its scale and its time; or one that is passed over, or none.</summary>
internal sealed record NaiveEvent(int Partition, long Offset, string? Key, long Value, long TimeMs, NaiveVerdict Verdict);

/// <summary>Whether a record is an event.</summary>
internal enum NaiveVerdict
{
    Event,
    Filtered,
    Rejected,
}

/// <summary>
/// The rules of docs/semantics.md for tumbling windows of several sizes at once in the most naive form: each partition in the order of its offsets; an event goes
/// into every size's window that is open, and is late when none is. Windows hold lists; nothing is computed on the way.
/// </summary>
internal sealed class NaiveTumbling(IReadOnlyDictionary<string, long> sizesMs, long outOfOrdernessMs, long graceMs)
{
    private readonly Dictionary<(string Kind, int Partition, long StartMs, string Key), List<long>> _windows = [];
    private readonly Dictionary<int, long?> _watermarks = [];

    public int Taken { get; private set; }

    public int Filtered { get; private set; }

    public int Late { get; private set; }

    public int Rejected { get; private set; }

    /// <summary>Each window as a line: kind, partition, start, key, count, sum, smallest, largest, whether it is final.</summary>
    public IEnumerable<string> Lines => _windows.Select(window => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{window.Key.Kind} p{window.Key.Partition} {window.Key.StartMs} {window.Key.Key} {window.Value.Count} {window.Value.Sum()} {window.Value.Min()} {window.Value.Max()} {IsClosed(window.Key.Partition, window.Key.StartMs + sizesMs[window.Key.Kind])}"));

    /// <summary>The values of one key's window over all partitions.</summary>
    public IReadOnlyList<long> ValuesOf(string kind, long startMs, string key) =>
        [.. _windows.Where(window => window.Key.Kind == kind && window.Key.StartMs == startMs && window.Key.Key == key).SelectMany(window => window.Value)];

    /// <summary>Walks all partitions.</summary>
    public NaiveTumbling Walk(IEnumerable<NaiveEvent> events, IReadOnlyCollection<Mark> marks)
    {
        foreach (var partition in events.GroupBy(e => e.Partition))
        {
            var waiting = new Queue<Mark>(marks.Where(mark => mark.Partition == partition.Key).OrderBy(mark => mark.NextOffset).ThenBy(mark => mark.WatermarkMs));
            _watermarks[partition.Key] = null;
            foreach (var e in partition.OrderBy(e => e.Offset))
            {
                Advance(partition.Key, waiting, e.Offset);
                Take(e);
            }

            Advance(partition.Key, waiting, long.MaxValue);
        }

        return this;
    }

    private void Advance(int partition, Queue<Mark> marks, long offset)
    {
        while (marks.TryPeek(out var mark) && mark.NextOffset <= offset)
        {
            _watermarks[partition] = Math.Max(_watermarks[partition] ?? long.MinValue, marks.Dequeue().WatermarkMs);
        }
    }

    private void Take(NaiveEvent e)
    {
        switch (e.Verdict)
        {
            case NaiveVerdict.Rejected:
                Rejected++;
                return;
            case NaiveVerdict.Filtered:
                Filtered++;
                return;
        }

        var open = sizesMs.Where(size => !IsClosed(e.Partition, e.TimeMs - (e.TimeMs % size.Value) + size.Value)).ToList();
        foreach (var (kind, size) in open)
        {
            var key = (kind, e.Partition, e.TimeMs - (e.TimeMs % size), e.Key!);
            (_windows.TryGetValue(key, out var values) ? values : _windows[key] = []).Add(e.Value);
        }

        if (open.Count == 0)
        {
            Late++;
            return;
        }

        Taken++;
        _watermarks[e.Partition] = Math.Max(_watermarks[e.Partition] ?? long.MinValue, e.TimeMs - outOfOrdernessMs);
    }

    private bool IsClosed(int partition, long endMs) => _watermarks[partition] >= endMs + graceMs;
}
