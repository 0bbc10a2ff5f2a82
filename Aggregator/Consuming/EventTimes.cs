namespace Streaming.Aggregator.Consuming;

/// <summary>Some of the times of the events of a checkpoint, evenly spread over them.</summary>
/// <param name="Ms">Milliseconds since the Unix epoch.</param>
/// <param name="Each">How many events each of them stands for.</param>
public sealed record EventTimes(IReadOnlyList<long> Ms, long Each)
{
    public static EventTimes None { get; } = new([], 1);
}

/// <summary>
/// Picks <see cref="EventTimes"/>: every event first; whenever there are too many, every second of those that were picked stays, and of what follows half as many are
/// picked. For one event in hundreds of thousands this is a subtraction.
/// </summary>
internal sealed class EventTimeSample
{
    private const int Most = 64;

    private readonly long[] _times = new long[Most];
    private int _picked;
    private long _each = 1;
    private long _untilNext = 1;

    public void Note(long eventTimeMs)
    {
        if (--_untilNext > 0)
        {
            return;
        }

        if (_picked == Most)
        {
            Thin();
        }

        _times[_picked++] = eventTimeMs;
        _untilNext = _each;
    }

    /// <summary>Hands over what was picked and begins anew.</summary>
    public EventTimes Take()
    {
        var taken = _picked == 0 ? EventTimes.None : new EventTimes(_times[.._picked], _each);
        (_picked, _each, _untilNext) = (0, 1, 1);
        return taken;
    }

    private void Thin()
    {
        for (var i = 0; i < Most / 2; i++)
        {
            _times[i] = _times[2 * i];
        }

        (_picked, _each) = (Most / 2, _each * 2);
    }
}
