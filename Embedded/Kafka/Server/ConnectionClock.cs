namespace Streaming.Embedded.Kafka.Server;

/// <summary>Until when a connection must have moved on. Looked at from outside, once a second, so that it costs the connection next to nothing.</summary>
internal sealed class ConnectionClock(TimeSpan idleTimeout, TimeSpan stallTimeout, TimeProvider time)
{
    /// <summary>A slower client than this, in bytes per second, is cut off once the stall timeout has passed as well.</summary>
    private const double SlowestRate = 64 << 10;

    private long _deadline = long.MaxValue;

    public bool IsOverdue => time.GetTimestamp() > Interlocked.Read(ref _deadline);

    /// <summary>The client may take its time to ask, once it is known.</summary>
    public void ExpectRequest(bool isKnown) => Set(isKnown ? idleTimeout : stallTimeout);

    /// <summary>A request has begun: the rest of it must come, steadily.</summary>
    public void ExpectFrame(int bytes) => Set(stallTimeout + TimeSpan.FromSeconds(bytes / SlowestRate));

    /// <summary>The client must take the next piece of a response.</summary>
    public void ExpectTaken() => Set(stallTimeout);

    /// <summary>It is the broker's turn.</summary>
    public void Pause() => Interlocked.Exchange(ref _deadline, long.MaxValue);

    private void Set(TimeSpan wait) =>
        Interlocked.Exchange(ref _deadline, time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency));
}
