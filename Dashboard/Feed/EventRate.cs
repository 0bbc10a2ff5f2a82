namespace Streaming.Dashboard.Feed;

/// <summary>Events per second out of a growing total, over a sliding time. Pure: the times come from the caller.</summary>
public sealed class EventRate(TimeSpan window)
{
    private readonly Queue<(DateTimeOffset At, long Total)> _samples = new();
    private (DateTimeOffset At, long Total)? _newest;

    /// <summary>Takes in that <paramref name="total"/> events were known at <paramref name="at"/>; a smaller total than before begins anew.</summary>
    public void Add(DateTimeOffset at, long total)
    {
        if (_newest is { } newest && (total < newest.Total || at < newest.At))
        {
            _samples.Clear();
        }

        _newest = (at, total);
        _samples.Enqueue((at, total));

        // The oldest sample kept is the last one that is at least a whole window old: the slope then covers the window.
        while (_samples.Count > 2 && at - _samples.ElementAt(1).At >= window)
        {
            _samples.Dequeue();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _samples.Clear();
        _newest = null;
    }

    /// <summary>The rate; null before there are two samples a second apart.</summary>
    public double? PerSecond
    {
        get
        {
            if (_newest is not { } newest || !_samples.TryPeek(out var oldest) || newest.At - oldest.At < TimeSpan.FromSeconds(1))
            {
                return null;
            }

            return (newest.Total - oldest.Total) / (newest.At - oldest.At).TotalSeconds;
        }
    }
}
