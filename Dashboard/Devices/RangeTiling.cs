using System.Collections.Immutable;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Devices;

/// <summary>
/// A stretch of the time axis that is taken from one level of a roll-up, cut into slots of whole windows.
/// </summary>
/// <param name="Level">Which level.</param>
/// <param name="Range">From the start of one of its windows to the end of another.</param>
/// <param name="StepMs">Length of a slot, a multiple of the windows' size; the first and the last may be shorter.</param>
public sealed record Stretch(RollUpLevel Level, Window Range, long StepMs)
{
    private readonly long _offsetMs = RangeTiling.Ms(Level.Windows.Offset);

    /// <summary>The slot that an instant of the range lies in; of no other instant.</summary>
    public Window SlotOf(long timeMs)
    {
        var start = RangeTiling.Floor(timeMs, StepMs, _offsetMs);
        return new Window(Math.Max(start, Range.StartMs), Math.Min(start + StepMs, Range.EndMs));
    }

    /// <summary>All slots, oldest first: each begins where the one before ends.</summary>
    public IEnumerable<Window> Slots()
    {
        for (var at = Range.StartMs; at < Range.EndMs;)
        {
            var slot = SlotOf(at);
            yield return slot;
            at = slot.EndMs;
        }
    }
}

/// <summary>
/// Chooses from which levels a range is read: the finest that does not ask for too many windows, as far back as it is kept, and the coarser ones before that. Pure. The
/// stretches tile the range: each begins where the one before ends, at a moment that is a boundary in both levels, so nothing is missing and nothing is there twice.
/// </summary>
public static class RangeTiling
{
    /// <summary>The most slots of the level that suits the range.</summary>
    public const int MostSlots = 400;

    /// <summary>The most windows that are read of a level, unless it is the coarsest.</summary>
    public const int MostWindows = 1500;

    private static readonly ImmutableArray<int> Factors = [1, 2, 5, 7, 14, 28, 91, 182, 364, 3640, 36400];

    /// <summary>The finest level of which the range has not too many windows; the coarsest when all have. There must be a level.</summary>
    public static RollUpLevel Preferred(IReadOnlyList<RollUpLevel> levels, TimeSpan length) =>
        levels.FirstOrDefault(level => length.Ticks <= level.Windows.Size.Ticks * MostWindows) ?? levels[^1];

    /// <summary>The stretches of a range, oldest first.</summary>
    /// <param name="levels">Finest first; none gives no stretch.</param>
    /// <param name="range">What is to be shown; it is widened to whole windows.</param>
    /// <param name="nowMs">The database's clock, which decides what is still kept.</param>
    public static ImmutableArray<Stretch> Of(IReadOnlyList<RollUpLevel> levels, Window range, long nowMs)
    {
        if (levels.Count == 0)
        {
            return [];
        }

        var level = Preferred(levels, TimeSpan.FromMilliseconds(range.EndMs - range.StartMs));
        var slotMs = (range.EndMs - range.StartMs) / MostSlots;
        var stretches = new List<Stretch>();
        for (var end = range.EndMs; ;)
        {
            var (sizeMs, offsetMs) = (Ms(level.Windows.Size), Ms(level.Windows.Offset));
            end = Ceiling(end, sizeMs, offsetMs);
            var from = Math.Max(Floor(range.StartMs, sizeMs, offsetMs), level.KeptFromMs(nowMs));
            if (from < end)
            {
                var step = StepMs(level, slotMs);
                stretches.Add(new Stretch(level, new Window(from, end), step));
                (end, slotMs) = (from, step);
            }

            if (from <= range.StartMs || levels.FirstOrDefault(l => l.Windows == level.Coarser) is not { } coarser)
            {
                return [.. Enumerable.Reverse(stretches)];
            }

            level = coarser;
        }
    }

    /// <summary>The shortest slot of whole windows that is at least so long; where there is a coarser level, one that divides its windows or is one of them.</summary>
    internal static long StepMs(RollUpLevel level, long atLeastMs)
    {
        var sizeMs = Ms(level.Windows.Size);
        var needed = Math.Max(1, Ceiling(atLeastMs, sizeMs, 0) / sizeMs);
        if (level.Coarser is { } coarser && coarser.Size / level.Windows.Size is var most && needed <= most)
        {
            while ((long)most % needed != 0)
            {
                needed++;
            }

            return needed * sizeMs;
        }

        return Factors.FirstOrDefault(factor => factor >= needed, (int)Math.Min(int.MaxValue, needed)) * sizeMs;
    }

    internal static long Ms(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;

    internal static long Floor(long timeMs, long periodMs, long offsetMs)
    {
        var rest = (timeMs - offsetMs) % periodMs;
        return timeMs - (rest < 0 ? rest + periodMs : rest);
    }

    private static long Ceiling(long timeMs, long periodMs, long offsetMs) => -Floor(-timeMs, periodMs, -offsetMs);
}
