namespace Streaming.Contracts.Windows;

/// <summary>How far a zone's clocks are ahead of UTC within a few days: pieces of time in each of which it does not change.</summary>
internal sealed class ZoneOffsets
{
    // No zone has ever changed its offset twice within this time.
    private const long StepMs = 15 * 60_000;

    private readonly List<(long FromMs, long OffsetMs)> _pieces = [];
    private readonly TimeZoneInfo _zone;
    private readonly long _endMs;

    /// <param name="zone">Whose clocks.</param>
    /// <param name="startMs">The first moment of interest, milliseconds since the Unix epoch.</param>
    /// <param name="endMs">The last.</param>
    public ZoneOffsets(TimeZoneInfo zone, long startMs, long endMs)
    {
        (_zone, _endMs) = (zone, endMs);
        _pieces.Add((startMs, OffsetAt(startMs)));
        for (long at = startMs; at < endMs; at += StepMs)
        {
            if (OffsetAt(at + StepMs) is var next && next != _pieces[^1].OffsetMs)
            {
                _pieces.Add((FirstWith(next, at, at + StepMs), next));
            }
        }
    }

    /// <summary>The first moment at which the clocks show this local time or a later one; local time counts as if it were UTC.</summary>
    public long FirstShowing(long localMs)
    {
        for (int i = 0; i < _pieces.Count; i++)
        {
            long at = Math.Max(_pieces[i].FromMs, localMs - _pieces[i].OffsetMs);
            if (at < (i + 1 < _pieces.Count ? _pieces[i + 1].FromMs : _endMs))
            {
                return at;
            }
        }

        throw new InvalidOperationException($"The clocks of {_zone.Id} do not show {localMs} ms since 1970 within the days looked at.");
    }

    private long OffsetAt(long utcMs) =>
        _zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(utcMs).UtcDateTime).Ticks / TimeSpan.TicksPerMillisecond;

    private long FirstWith(long offsetMs, long before, long after)
    {
        while (after - before > 1)
        {
            long middle = before + ((after - before) / 2);
            (before, after) = OffsetAt(middle) == offsetMs ? (before, middle) : (middle, after);
        }

        return after;
    }
}
