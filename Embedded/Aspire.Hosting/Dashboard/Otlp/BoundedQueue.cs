namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>The newest entries, as many as a count and a sum of estimated bytes allow; each that gives way to newer ones is told of. Not thread-safe.</summary>
internal sealed class BoundedQueue<T>(Bound bound, Action<T>? onDropped = null)
{
    private readonly Queue<(T Entry, int Bytes)> _entries = new();

    public int Count => _entries.Count;
    public long Bytes { get; private set; }
    public long Dropped { get; private set; }

    /// <summary>Oldest first.</summary>
    public IEnumerable<T> Entries => _entries.Select(kept => kept.Entry);

    public void Add(T entry, int bytes)
    {
        _entries.Enqueue((entry, bytes));
        Bytes += bytes;
        while (_entries.Count > bound.Count || (Bytes > bound.Bytes && _entries.Count > 1))
        {
            var (dropped, size) = _entries.Dequeue();
            Bytes -= size;
            Dropped++;
            onDropped?.Invoke(dropped);
        }
    }
}
