namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>The latest point of each series; those that have had none for longest give way first. Not thread-safe.</summary>
internal sealed class MetricStore(Bound bound)
{
    private readonly Dictionary<SeriesKey, LinkedListNode<(Point Point, int Bytes)>> _series = [];
    private readonly LinkedList<(Point Point, int Bytes)> _byAge = new();

    public long Bytes { get; private set; }
    public long Dropped { get; private set; }
    public int Count => _byAge.Count;
    public IEnumerable<Point> Points => _byAge.Select(series => series.Point);

    public void Set(Point point, bool isGrowing, int bytes)
    {
        if (_series.TryGetValue(point.Key, out var former))
        {
            var (seconds, growth) = (((double)point.Time - former.Value.Point.Time) / 1e9, point.Value - former.Value.Point.Value);
            point = isGrowing && seconds > 0 && growth >= 0 ? point with { Rate = growth / seconds } : point;
            Remove(former);
        }

        _series[point.Key] = _byAge.AddLast((point, bytes));
        Bytes += bytes;
        while (Count > bound.Count || (Bytes > bound.Bytes && Count > 1))
        {
            Remove(_byAge.First!);
            Dropped++;
        }
    }

    private void Remove(LinkedListNode<(Point Point, int Bytes)> series)
    {
        Bytes -= series.Value.Bytes;
        _series.Remove(series.Value.Point.Key);
        _byAge.Remove(series);
    }
}
