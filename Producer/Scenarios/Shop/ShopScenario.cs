using System.Text;
using Microsoft.Extensions.Options;
using Streaming.Contracts;
using Streaming.Contracts.Shop;

namespace Streaming.Producer.Scenarios.Shop;

/// <summary>The online shop: products once, then their prices as they change.</summary>
public sealed class ShopScenario(IOptions<ShopOptions> options) : IScenario
{
    public string Name => Contracts.Scenarios.Shop;

    public string Title => "shop prices";

    public IReadOnlyList<TopicDeclaration> Topics { get; } = [Contracts.Topics.Prices, Contracts.Topics.Products];

    public TimeSpan History => TimeSpan.FromMinutes(options.Value.BackfillMinutes);

    public IEnumerable<OutgoingRecord> References() => ProductCatalogue.Products.Select(profile => new OutgoingRecord(
        DateTimeOffset.MinValue, Contracts.Topics.Products.Name, Encoding.UTF8.GetBytes(profile.Product.ProductId), ProductJson.Encode(profile.Product)));

    public IEnumerable<OutgoingRecord> From(DateTimeOffset start) =>
        new PriceGenerator(options.Value, ProductCatalogue.Products, ProductCatalogue.Undescribed).From(start)
            .Select(price => new OutgoingRecord(price.SentAt, Contracts.Topics.Prices.Name, Encoding.UTF8.GetBytes(price.Change.ProductId), price.Value));
}
