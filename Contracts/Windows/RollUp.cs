using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Windows;

/// <summary>
/// The levels of a pipeline's roll-ups: its kinds of tumbling windows that say how long they are kept. Where the windows of a level lie whole in those of a
/// coarser one that is kept longer, that level covers it: its rows are deleted only when the coarser window has closed, all those of one coarser window
/// together. So what readers take from a level and, before that, from the coarser one has neither a gap nor anything twice.
/// </summary>
public static class RollUp
{
    /// <summary>The levels, finest first.</summary>
    /// <param name="windows">The pipeline's kinds of windows.</param>
    /// <param name="kept">How long kinds are kept, by name; null or without a name: it is no level.</param>
    public static IReadOnlyList<RollUpLevel> Levels(IEnumerable<WindowSpec> windows, IReadOnlyDictionary<string, TimeSpan>? kept)
    {
        var levels = windows.OfType<TumblingWindows>().Where(w => kept?.ContainsKey(w.Name) == true).OrderBy(w => w.Size).ThenBy(w => kept![w.Name]).ToList();
        return levels.ConvertAll(w => new RollUpLevel(w, kept![w.Name], levels.Find(coarser => kept[coarser.Name] > kept[w.Name] && LiesIn(w, coarser))));
    }

    private static bool LiesIn(TumblingWindows fine, TumblingWindows coarse) =>
        coarse.Size > fine.Size && coarse.Size.Ticks % fine.Size.Ticks == 0 && (coarse.Offset - fine.Offset).Ticks % fine.Size.Ticks == 0;
}

/// <summary>One level.</summary>
/// <param name="Windows">Its windows.</param>
/// <param name="Kept">For how long.</param>
/// <param name="Coarser">What covers it once it is deleted; null: nothing does.</param>
public sealed record RollUpLevel(TumblingWindows Windows, TimeSpan Kept, TumblingWindows? Coarser)
{
    private readonly WindowGrid? _coarser = Coarser is null ? null : WindowGrid.Of(Coarser);

    /// <summary>Whether a coarser level covers this one.</summary>
    [MemberNotNullWhen(true, nameof(Coarser))]
    public bool IsCovered => Coarser is not null;

    /// <summary>Rows that start before this moment may be deleted, milliseconds since the Unix epoch.</summary>
    /// <param name="nowMs">The time.</param>
    /// <param name="closedEndMs">Windows that end then or before are closed in the rows' partition: its watermark − grace.</param>
    public long DeletableBeforeMs(long nowMs, long closedEndMs) =>
        _coarser is null ? nowMs - KeptMs : _coarser.SliceOf(Math.Min(nowMs - KeptMs, closedEndMs)).StartMs;

    /// <summary>
    /// Rows that start at this moment or later are there, if they ever were, and stay at least until one coarser window later; what lies before is to be taken from
    /// the coarser level. Where there is none: the earliest time that there is.
    /// </summary>
    public long KeptFromMs(long nowMs) => _coarser is null ? long.MinValue : _coarser.SliceOf(nowMs - KeptMs).EndMs;

    private long KeptMs => Kept.Ticks / TimeSpan.TicksPerMillisecond;
}
