namespace Streaming.Proof.Tests.Load;

/// <summary>
/// The event time of one partition's load. It begins in the past and runs ahead fast, so that many windows close in a short test. Once the idle rule has
/// moved the partition's watermark past it (then everything would be late), it goes by the real clock, shifted by a phase, so that the partitions'
/// windows do not all close at the same moment.
/// </summary>
internal sealed class EventClock(long startMs)
{
    /// <summary>How far a present clock may be off the real one.</summary>
    private const int MostBehindMs = 30_000, MostAheadMs = 20_000;

    private long _timeMs = startMs;
    private int _stepMs;
    private int _phaseMs;

    /// <summary>It goes by the real clock.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>Begins a round: draws its speed and its phase.</summary>
    /// <param name="random">The round's.</param>
    /// <param name="watermarkMs">The partition's watermark as stored; null when there is none.</param>
    public void BeginRound(Random random, long? watermarkMs)
    {
        _stepMs = random.Next(50, 1_500);
        _phaseMs = random.Next(-MostBehindMs, MostAheadMs);
        IsPresent |= watermarkMs > _timeMs;
    }

    public long Next(Random random)
    {
        var step = random.Next(2 * _stepMs);
        return _timeMs = IsPresent ? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + _phaseMs : _timeMs + step;
    }
}
