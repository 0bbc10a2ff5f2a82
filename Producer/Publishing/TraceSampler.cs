using System.Collections.Concurrent;

namespace Streaming.Producer.Publishing;

/// <summary>Chooses the records that carry a trace: of each topic the first, and then one in <paramref name="every"/>; none when it is 0. Safe for several threads.</summary>
internal sealed class TraceSampler(int every)
{
    // Counted for each topic: with one count for all, topics that are written in turn would be traced always or never.
    private readonly ConcurrentDictionary<string, Counter> _topics = new();

    public bool Takes(string topic) =>
        every > 0 && (Interlocked.Increment(ref _topics.GetOrAdd(topic, static _ => new Counter()).Value) - 1) % every == 0;

    private sealed class Counter
    {
        public long Value;
    }
}
