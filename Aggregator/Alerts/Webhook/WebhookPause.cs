namespace Streaming.Aggregator.Alerts.Webhook;

/// <summary>How long a delivery that failed waits: 1 s after the first attempt, twice as long after each further one, at most 10 min, of which up to a quarter is left to chance.</summary>
internal static class WebhookPause
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private const double Jitter = 0.25;

    /// <param name="attempts">How many have failed, from 1.</param>
    /// <param name="chance">From 0 to 1; so that many deliveries that failed together are not tried again together.</param>
    /// <param name="asked">How long the receiver wants to be left alone; null when it does not say.</param>
    public static TimeSpan After(int attempts, double chance, TimeSpan? asked)
    {
        // 2^20 s is beyond the longest pause and far from any overflow.
        var doubled = First * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        var pause = (doubled < Longest ? doubled : Longest) * (1 - (Jitter * chance));
        return asked is { } wait && wait > pause ? wait : pause;
    }
}
