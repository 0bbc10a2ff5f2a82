using System.Collections.Immutable;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Shop;

/// <summary>Reads a past range of the shop: minutes of a short one, hours of a long one.</summary>
public sealed class PastShop(PastWindows windows, TickReader ticks)
{
    /// <summary>Longer ranges are read from windows of an hour.</summary>
    internal static readonly TimeSpan LongestOfMinutes = TimeSpan.FromHours(12);

    /// <summary>The range; null when it holds nothing.</summary>
    /// <exception cref="Queries.RangeTooLargeException">The range holds more than one page can take.</exception>
    public async Task<ShopModel?> ReadAsync(DateTimeOffset from, DateTimeOffset to, ProductLabels labels, CancellationToken cancellationToken)
    {
        var kind = to - from > LongestOfMinutes ? ShopFeed.Hour : ShopFeed.Minute;
        var prices = await windows.ReadAsync(ShopFeed.Prices, kind, from, to, cancellationToken);
        if (prices is not { HasData: true })
        {
            return null;
        }

        var categories = await windows.ReadAsync(ShopFeed.Categories, kind, from, to, cancellationToken);
        return ShopModel.Past(prices, categories is { HasData: true } ? categories : null, await ticks.BetweenAsync(ShopFeed.Prices, from, to, cancellationToken), labels);
    }
}
