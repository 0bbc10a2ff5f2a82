namespace Streaming.Dashboard.Feed;

/// <summary>
/// How long to wait between two updates of one browser. Rendering, to the browser's confirmation, may take at most a quarter of the time:
/// a page that needs 50 ms is updated four times a second, one that needs 500 ms every two seconds.
/// </summary>
public sealed class RenderPace(TimeSpan shortest)
{
    private const double Share = 0.25;
    private const double Weight = 0.3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private double? _averageMs;

    /// <summary>Takes in what one update cost.</summary>
    public void Record(TimeSpan cost) =>
        _averageMs = _averageMs is { } average ? average + (Weight * (cost.TotalMilliseconds - average)) : cost.TotalMilliseconds;

    /// <summary>The least time from the start of one update to the start of the next.</summary>
    public TimeSpan Interval
    {
        get
        {
            var wanted = TimeSpan.FromMilliseconds((_averageMs ?? 0) / Share);
            return wanted < shortest ? shortest : wanted > Longest ? Longest : wanted;
        }
    }
}
