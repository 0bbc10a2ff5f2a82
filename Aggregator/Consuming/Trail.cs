using Streaming.Aggregator.Windowing;

namespace Streaming.Aggregator.Consuming;

/// <summary>What the database says of the former generation in one partition.</summary>
/// <param name="IsActive">This generation has taken over: the former one writes no more.</param>
/// <param name="FormerNextOffset">How far the former's checkpoint is; null when it has none.</param>
/// <param name="Marks">The former's idle marks from the offset on that was asked for, by offset and watermark.</param>
internal sealed record TrailNews(bool IsActive, long? FormerNextOffset, IReadOnlyList<IdleMark> Marks);

/// <summary>
/// How a generation follows the former one in one partition: how far it may read, which idle marks come before which record, and from where on the clock is its
/// own. A pure value machine. Invariant: all marks before <see cref="Limit"/> are known.
/// </summary>
internal sealed class Trail(long startOffset)
{
    private readonly Queue<IdleMark> _marks = [];
    private long _clockFrom = long.MaxValue;

    /// <summary>First offset that may not be read yet. Nothing may before the first news.</summary>
    public long Limit { get; private set; } = startOffset;

    /// <summary>Marks are asked for from here on: those before are here, or were in force when the partition was claimed.</summary>
    public long AskFrom { get; private set; } = startOffset;

    /// <summary>The former generation has nothing more to say.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Takes news. Marks at an offset that was asked for before may come again; repeating one changes nothing.</summary>
    /// <param name="news">What the database says.</param>
    /// <param name="readOffset">The offset that this generation reads next.</param>
    public void Learn(TrailNews news, long readOffset)
    {
        foreach (var mark in news.Marks)
        {
            _marks.Enqueue(mark);
        }

        // A former generation that stands behind this one's start (a gap), or has no checkpoint here, leaves no marks to wait for.
        var isFree = news.IsActive || news.FormerNextOffset is not { } former || former < readOffset;
        Limit = isFree ? long.MaxValue : news.FormerNextOffset!.Value;
        AskFrom = Math.Max(AskFrom, isFree ? readOffset : Limit);
        IsComplete = news.IsActive;
        _clockFrom = news.IsActive ? news.FormerNextOffset ?? 0 : long.MaxValue;
    }

    /// <summary>Takes out a mark that comes before the record at <paramref name="offset"/>; false when there is none (left).</summary>
    public bool TryTake(long offset, out IdleMark mark)
    {
        mark = default;
        return _marks.TryPeek(out var next) && next.NextOffset <= offset && _marks.TryDequeue(out mark);
    }

    /// <summary>Whether the clock may make marks at <paramref name="readOffset"/>: behind all that the former generation has read.</summary>
    public bool MayUseClock(long readOffset) => IsComplete && readOffset >= _clockFrom && _marks.Count == 0;
}
