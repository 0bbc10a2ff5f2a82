namespace Streaming.Contracts.Measures;

/// <summary>Quantiles of what was added lately: of a sliding time, moved on by parts. For several threads.</summary>
/// <param name="time">The clock; only how it passes matters.</param>
/// <param name="window">How long a value counts, to within one part.</param>
/// <param name="parts">How many parts that time has.</param>
public sealed class RecentQuantiles(TimeProvider time, TimeSpan window, int parts = 12)
{
    private readonly Lock _lock = new();
    private readonly (long Part, QuantileSketch Sketch)[] _parts = new (long, QuantileSketch)[parts];

    /// <summary>Adds a value so many times.</summary>
    public void Add(long value, long count = 1)
    {
        var now = Now();
        lock (_lock)
        {
            ref var part = ref _parts[now % parts];
            if (part.Sketch is null || part.Part != now)
            {
                part = (now, new QuantileSketch());
            }

            part.Sketch.Add(value, count);
        }
    }

    /// <summary>All that was added within the time.</summary>
    public QuantileSketch Read()
    {
        var now = Now();
        var all = new QuantileSketch();
        lock (_lock)
        {
            foreach (var (_, sketch) in _parts.Where(part => part.Sketch is not null && part.Part > now - parts))
            {
                all.Merge(sketch);
            }
        }

        return all;
    }

    private long Now() => (long)(time.GetElapsedTime(0, time.GetTimestamp()) / (window / parts));
}
