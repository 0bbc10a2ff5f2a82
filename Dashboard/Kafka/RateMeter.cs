namespace Streaming.Dashboard.Kafka;

/// <summary>How fast counters grow, by what they were a few seconds ago. One thread at a time.</summary>
/// <param name="span">Over how long the rate is taken.</param>
public sealed class RateMeter<TKey>(TimeSpan span)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Queue<(DateTimeOffset At, long Count)>> _samples = [];

    /// <summary>Notes a counter.</summary>
    /// <returns>Its growth per second; null while one sample is all there is, and after it has shrunk (a topic was created anew).</returns>
    public double? Note(TKey key, long count, DateTimeOffset at)
    {
        if (!_samples.TryGetValue(key, out var samples))
        {
            _samples[key] = samples = new Queue<(DateTimeOffset, long)>();
        }

        if (samples.Count > 0 && samples.Last() is var last && (count < last.Count || at < last.At || at - last.At > 3 * span))
        {
            samples.Clear();
        }

        while (samples.Count > 1 && at - samples.Peek().At > span)
        {
            samples.Dequeue();
        }

        samples.Enqueue((at, count));
        var first = samples.Peek();
        return at > first.At ? (count - first.Count) / (at - first.At).TotalSeconds : null;
    }

    /// <summary>Forgets all but some counters.</summary>
    public void Keep(IReadOnlySet<TKey> keys)
    {
        foreach (var gone in _samples.Keys.Where(key => !keys.Contains(key)).ToList())
        {
            _samples.Remove(gone);
        }
    }
}
