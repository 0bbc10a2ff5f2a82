using System.Collections.Concurrent;
using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Feed;

/// <summary>How long commits took to be published, of the last minute, by pipeline. For several threads.</summary>
internal sealed class PushTimes(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, RecentQuantiles> _recent = new(StringComparer.Ordinal);

    /// <summary>Notes one publication.</summary>
    public void Add(string pipeline, TimeSpan age) =>
        _recent.GetOrAdd(pipeline, _ => new RecentQuantiles(time, Window)).Add(age.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The publications of the last minute, in microseconds; empty when there was none.</summary>
    public QuantileSketch Of(string pipeline) => _recent.TryGetValue(pipeline, out var recent) ? recent.Read() : new QuantileSketch();
}
