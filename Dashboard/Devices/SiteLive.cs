using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;
using Streaming.Contracts.Windows;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Devices;

/// <summary>
/// A range that ends now: read from the database once, then continued out of the snapshots that are pushed. Slots whose windows have all become final move to the
/// settled side of the seam; those that leave the range at its old end are dropped. Used by one task.
/// </summary>
/// <param name="read">Reads stretches from the database.</param>
/// <param name="fold">Makes an empty fold.</param>
/// <param name="span">How long the range is.</param>
/// <param name="time">Says when to read anew.</param>
internal sealed class SiteLive(
    Func<PipelineInfo, PipelineDescription, ImmutableArray<Stretch>, CancellationToken, Task<ImmutableArray<SlotCells>>> read,
    Func<PipelineInfo, PipelineDescription, SiteFold> fold, TimeSpan span, TimeProvider time)
{
    // Late events are counted for windows that are final; and whatever may have gone wrong is mended by it.
    private static readonly TimeSpan ReadAnewAfter = TimeSpan.FromMinutes(5);

    // Of a partition that stands still, or right after the start.
    private static readonly TimeSpan ReadUnsettledAnewAfter = TimeSpan.FromSeconds(10);

    private readonly Queue<(SlotCells Cells, SiteSlot Slot)> _settled = new();
    private SiteTotals _totals = new();
    private string? _epoch;
    private long _seamMs;
    private bool _isSettled;
    private long _readAt;

    /// <summary>The range as of a snapshot; null while nothing is known of it.</summary>
    /// <exception cref="Queries.RangeTooLargeException">There are too many sites for so long a range.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<SitePeriod?> ApplyAsync(PipelineSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Info is not { Description: { } description } info || PipelineReader.NewestWatermark(info) is not { } watermark || SitePast.LevelsOf(description) is not { Count: > 0 } levels)
        {
            return null;
        }

        var end = (watermark + description.OutOfOrderness).ToUnixTimeMilliseconds() + 1;
        var range = new Window(end - RangeTiling.Ms(span), end);
        var stretches = RangeTiling.Of(levels, range, snapshot.DatabaseTime.ToUnixTimeMilliseconds());
        var seam = SiteSeam.Of(snapshot, stretches[^1]);
        var epoch = $"{string.Join(' ', info.Covers())} {description.Measures.Fingerprint} {string.Join(' ', levels)} {stretches[^1].Level.Windows.Name} {stretches[^1].StepMs}";
        if (MustRead(epoch, seam))
        {
            await ReadAsync(info, description, SiteSeam.Before(stretches, seam.AtMs), cancellationToken);
            (_epoch, _seamMs, _isSettled, _readAt) = (epoch, seam.AtMs, seam.IsSettled, time.GetTimestamp());
        }

        return Continue(snapshot, info, description, stretches[^1] with { Range = stretches[^1].Range with { StartMs = _seamMs } }, seam.AtMs, range.StartMs);
    }

    private bool MustRead(string epoch, SiteSeam seam) =>
        epoch != _epoch || seam.FirstHeldMs > _seamMs || seam.AtMs < _seamMs || time.GetElapsedTime(_readAt) > (_isSettled ? ReadAnewAfter : ReadUnsettledAnewAfter);

    private async Task ReadAsync(PipelineInfo info, PipelineDescription description, ImmutableArray<Stretch> stretches, CancellationToken cancellationToken)
    {
        var slots = await read(info, description, stretches, cancellationToken);
        _settled.Clear();
        foreach (var slot in slots)
        {
            _settled.Enqueue((slot, slot.Read(description.Measures)));
        }

        _totals = SiteTotals.Of(slots);
    }

    private SitePeriod? Continue(PipelineSnapshot snapshot, PipelineInfo info, PipelineDescription description, Stretch pushed, long seamMs, long fromMs)
    {
        var slots = Pushed(snapshot, fold(info, description), pushed);
        var isOther = false;
        foreach (var slot in slots.Where(slot => slot.Window.EndMs <= seamMs))
        {
            _settled.Enqueue((slot, slot.Read(description.Measures)));
            (_seamMs, isOther) = (slot.Window.EndMs, true);
        }

        while (_settled.TryPeek(out var oldest) && oldest.Slot.Window.EndMs <= fromMs)
        {
            _settled.Dequeue();
            isOther = true;
        }

        _totals = isOther ? SiteTotals.Of(_settled.Select(settled => settled.Cells)) : _totals;
        ImmutableArray<SlotCells> open = [.. slots.Where(slot => slot.Window.EndMs > seamMs)];
        ImmutableArray<SiteSlot> all = [.. _settled.Select(settled => settled.Slot), .. open.Select(slot => slot.Read(description.Measures))];
        return all.IsEmpty ? null : SitePeriod.Of(description.Measures, all, _totals.And(open));
    }

    private static ImmutableArray<SlotCells> Pushed(PipelineSnapshot snapshot, SiteFold fold, Stretch pushed)
    {
        if (pushed.Range.StartMs >= pushed.Range.EndMs)
        {
            return [];
        }

        foreach (var row in snapshot.Held.Where(held => pushed.Range.Contains(held.Key.StartMs)).SelectMany(held => held.Value.Rows.Values))
        {
            fold.Add(pushed, row);
        }

        return fold.Slots([pushed]);
    }
}
