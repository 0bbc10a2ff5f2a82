using Streaming.Contracts.Shop;

namespace Streaming.Dashboard.Shop;

/// <summary>Where a price change stands in its topic. Two with the same place are one.</summary>
public readonly record struct TickPlace(Guid TopicId, int Partition, long Offset);

/// <summary>One price change as it came, for the ticker.</summary>
/// <param name="Place">Where it stands in its topic.</param>
/// <param name="At">When the price changed: the event time.</param>
/// <param name="Key">The product's id, as somebody sent it: always encoded on its way to a page.</param>
/// <param name="Price">What the record says; null when it is no price of this version of the application.</param>
/// <param name="IsLate">Whether its minute had closed when it came: it is in no minute's figures.</param>
public sealed record PriceTick(TickPlace Place, DateTimeOffset At, string Key, EnrichedPrice? Price, bool IsLate)
{
    /// <summary>The change against the price that the event names as the one before, in hundredths of a percent; null where it names none.</summary>
    public long? Change => Price is { Change: var change } ? PriceChange.ChangeOf(change.PriceMinor, change.PreviousMinor) : null;

    /// <summary>A row of the table <c>events</c>. A body that is no enriched price gives a tick without one: it is shown as such.</summary>
    public static PriceTick Of(TickPlace place, DateTimeOffset at, string key, ReadOnlySpan<byte> body, bool isLate) =>
        new(place, at, key, EnrichedPriceJson.Decode(body, out var price) is null ? price : null, isLate);
}
