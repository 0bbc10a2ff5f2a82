using System.Collections.Immutable;
using Streaming.Dashboard.Feed;

namespace Streaming.Dashboard.Views;

/// <summary>One store in one slot of time: one window, or several that were added up.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="Count">Sales.</param>
/// <param name="Sum">Their amounts, in the store's currency.</param>
/// <param name="Late">Events that came after their window had closed.</param>
/// <param name="IsFinal">Whether all its windows change no more.</param>
/// <param name="Windows">How many windows it is made of.</param>
/// <param name="Partition">The input partition that wrote it last.</param>
/// <param name="Version">That partition's checkpoint.</param>
public sealed record StoreSlice(string StoreId, long Count, decimal Sum, long Late, bool IsFinal, long Windows, int Partition, long Version);

/// <summary>A stretch of time on the chart and what each store did in it.</summary>
public sealed record Slot(DateTimeOffset Start, DateTimeOffset End, ImmutableArray<StoreSlice> Stores)
{
    /// <summary>Sales of all stores.</summary>
    public long Count { get; } = Stores.Sum(s => s.Count);

    /// <summary>Late events of all stores.</summary>
    public long Late { get; } = Stores.Sum(s => s.Late);

    /// <summary>Stores with at least one sale.</summary>
    public int ActiveStores { get; } = Stores.Count(s => s.Count > 0);

    /// <summary>Whether its figures may still change.</summary>
    public bool IsProvisional { get; init; } = Stores.Any(s => !s.IsFinal);
}

/// <summary>A range of time in slots of equal length, without gaps: a slot in which nothing was sold is there, empty.</summary>
/// <param name="From">First instant, UTC, inclusive.</param>
/// <param name="To">End, UTC, exclusive.</param>
/// <param name="SlotLength">The length of each slot.</param>
/// <param name="Slots">Oldest first.</param>
public sealed record SalesPeriod(DateTimeOffset From, DateTimeOffset To, TimeSpan SlotLength, ImmutableArray<Slot> Slots)
{
    /// <summary>As much time just before; null when the data does not reach back that far.</summary>
    public SalesPeriod? Previous { get; init; }

    /// <summary>Whether any window lies in the range.</summary>
    public bool HasData { get; } = Slots.Any(s => !s.Stores.IsEmpty);

    /// <summary>The slots whose figures change no more.</summary>
    public ImmutableArray<Slot> Complete { get; } = [.. Slots.Where(s => !s.IsProvisional)];

    /// <summary>Sales in the range, those of the open slot included.</summary>
    public long Count { get; } = Slots.Sum(s => s.Count);

    /// <summary>Late events in the range.</summary>
    public long Late { get; } = Slots.Sum(s => s.Late);

    /// <summary>The range as <paramref name="keep"/> leaves it, such as the stores of one currency.</summary>
    public SalesPeriod Where(Func<StoreSlice, bool> keep) =>
        new(From, To, SlotLength, [.. Slots.Select(s => new Slot(s.Start, s.End, [.. s.Stores.Where(keep)]) { IsProvisional = s.IsProvisional })])
        {
            Previous = Previous?.Where(keep),
        };

    /// <summary>Puts slices into gapless slots. Slices that lie outside the range are left out.</summary>
    public static SalesPeriod Of(DateTimeOffset from, DateTimeOffset to, TimeSpan slotLength, IEnumerable<(DateTimeOffset Start, StoreSlice Slice)> slices)
    {
        var count = (int)Math.Ceiling((to - from) / slotLength);
        var stores = Enumerable.Range(0, count).Select(_ => ImmutableArray.CreateBuilder<StoreSlice>()).ToArray();
        foreach (var (start, slice) in slices)
        {
            if (start >= from && start < to)
            {
                stores[(int)((start - from) / slotLength)].Add(slice);
            }
        }

        return new SalesPeriod(from, to, slotLength, [.. stores.Select((slot, i) => new Slot(from + (i * slotLength), from + ((i + 1) * slotLength), slot.ToImmutable()))]);
    }
}
