namespace Streaming.Aggregator.Consuming;

/// <summary>Pauses between attempts that grow from 100 ms to 2 s, and when to say so in the log: the first time, then every 10 s or so.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private TimeSpan _next = First;
    private TimeSpan _sinceLog = LogInterval;

    /// <summary>How many attempts have failed.</summary>
    public int Attempts { get; private set; }

    /// <summary>Counts a failed attempt. True when it is to be logged.</summary>
    public bool Fail()
    {
        Attempts++;
        if (_sinceLog < LogInterval)
        {
            return false;
        }

        _sinceLog = TimeSpan.Zero;
        return true;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(NextPause(), cancellationToken);

    /// <summary>How long to wait now, for a caller that waits by itself.</summary>
    public TimeSpan NextPause()
    {
        var pause = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        _sinceLog += pause;
        return pause;
    }

    public void Reset() => (_next, _sinceLog, Attempts) = (First, LogInterval, 0);
}
