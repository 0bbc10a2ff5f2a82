using System.Diagnostics;

namespace Streaming.Aggregator.Tests.Servers;

/// <summary>Waits for a condition, with a bound.</summary>
internal static class Until
{
    // Generous: on a machine that does much else besides, a process takes long to start.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Func<Task<string>>? state = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Bound)
            {
                throw new TimeoutException($"Not within {Bound}: {what}. {(state is null ? "" : await state())}");
            }

            await Task.Delay(50);
        }
    }

    public static Task TrueAsync(Func<bool> condition, string what, Func<string>? state = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, state is null ? null : () => Task.FromResult(state()));
}
