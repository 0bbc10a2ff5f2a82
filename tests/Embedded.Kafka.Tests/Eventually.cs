using System.Diagnostics;

namespace Streaming.Embedded.Kafka.Tests;

/// <summary>Waiting for a condition, with a bound.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); await Task.Delay(20))
        {
            if (watch.Elapsed > Bound)
            {
                throw new TimeoutException($"Not within {Bound}: {what}");
            }
        }
    }
}
