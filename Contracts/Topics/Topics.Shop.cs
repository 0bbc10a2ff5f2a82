namespace Streaming.Contracts;

/// <summary>The topics of the online shop.</summary>
public static partial class Topics
{
    /// <summary>The shop's products, keyed by product id: <see cref="Shop.Product"/> as JSON, the newest of each key.</summary>
    public static readonly TopicDeclaration Products = new("products", 1, Timeout.InfiniteTimeSpan, CleanupPolicy.Compact);

    /// <summary>Price changes as they happen, keyed by product id: <see cref="Shop.PriceChange"/> as JSON.</summary>
    public static readonly TopicDeclaration Prices = new("prices", 3, TimeSpan.FromDays(7)) { MaxMessageBytes = LargestInput };

    /// <summary>Price changes joined with their products, keyed by product id: <see cref="Shop.EnrichedPrice"/> as JSON, written in transactions.</summary>
    public static readonly TopicDeclaration PricesEnriched = new("prices-enriched", 3, TimeSpan.FromDays(7)) { MaxMessageBytes = LargestInput, IsTransactional = true };

    /// <summary>Price changes that came after all their windows had closed, with their bytes and the headers of <see cref="HeaderNames"/>.</summary>
    public static readonly TopicDeclaration PricesLate = new("prices-late", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Records that are no price change, or in another currency than their product, with their bytes, their origin and the error.</summary>
    public static readonly TopicDeclaration PricesDeadLetter = new("prices-dead-letter", 1, TimeSpan.FromDays(30)) { MaxMessageBytes = LargestInput + SideOutputRoom };

    /// <summary>Every topic of the shop, in the order in which they are created.</summary>
    public static IReadOnlyList<TopicDeclaration> ShopTopics { get; } = [Prices, Products, PricesEnriched, PricesLate, PricesDeadLetter];
}
