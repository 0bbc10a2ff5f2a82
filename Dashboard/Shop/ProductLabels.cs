using System.Collections.Immutable;
using Streaming.Contracts.Shop;
using Streaming.Dashboard.Views;

namespace Streaming.Dashboard.Shop;

/// <summary>What is known of a product.</summary>
/// <param name="Id">Its id, as somebody sent it.</param>
/// <param name="Name">Its name for people; of an undescribed product, its id.</param>
/// <param name="Category">Its category; null when nobody has described it, or no change of it has been seen here.</param>
/// <param name="Currency">The currency of its prices; empty while no change of it has been seen here.</param>
public sealed record ProductLabel(string Id, string Name, string? Category, string Currency)
{
    /// <summary>Whether somebody has described it.</summary>
    public bool IsDescribed => Category is not null;
}

/// <summary>Names of products, learned from their price changes: the windows know ids only. Immutable and bounded.</summary>
public sealed class ProductLabels
{
    /// <summary>How many are remembered at most; beyond it products are shown by their ids.</summary>
    public const int Most = 20_000;

    private readonly ImmutableDictionary<string, ProductLabel> _labels;

    private ProductLabels(ImmutableDictionary<string, ProductLabel> labels) => _labels = labels;

    public static ProductLabels Empty { get; } = new(ImmutableDictionary.Create<string, ProductLabel>(StringComparer.Ordinal));

    public int Count => _labels.Count;

    public IEnumerable<ProductLabel> All => _labels.Values;

    /// <summary>The product of this id; one that is not known is called by its id.</summary>
    public ProductLabel this[string id] => _labels.GetValueOrDefault(id) ?? new ProductLabel(id, KeyText.Readable(id), null, "");

    /// <summary>Learns from changes, oldest first: what a later one says counts.</summary>
    public ProductLabels With(IEnumerable<PriceTick> ticks)
    {
        var labels = _labels;
        foreach (var tick in ticks)
        {
            if (tick.Price is { } price && (labels.Count < Most || labels.ContainsKey(tick.Key)))
            {
                labels = labels.SetItem(tick.Key, LabelOf(tick.Key, price));
            }
        }

        return labels == _labels ? this : new ProductLabels(labels);
    }

    /// <summary>The product that a person means: its id, its name, or a part of the one or the other. Null when there is none.</summary>
    public ProductLabel? Find(string text, IEnumerable<string> ids)
    {
        var products = ids.Select(id => this[id]).OrderBy(product => product.Name, StringComparer.OrdinalIgnoreCase).ThenBy(product => product.Id, StringComparer.Ordinal).ToList();
        return products.Find(product => product.Id == text)
            ?? products.Find(product => product.Name.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? products.Find(product => product.Matches(text));
    }

    private static ProductLabel LabelOf(string id, in EnrichedPrice price) => price.IsKnown
        ? new ProductLabel(id, KeyText.Readable(price.Name), KeyText.Readable(price.Category), price.Change.Currency)
        : new ProductLabel(id, KeyText.Readable(id), null, price.Change.Currency);
}

/// <summary>Search among products.</summary>
public static class ProductSearch
{
    /// <summary>Whether a product's id, name or category holds the text.</summary>
    public static bool Matches(this ProductLabel product, string? text) => string.IsNullOrEmpty(text)
        || product.Id.Contains(text, StringComparison.OrdinalIgnoreCase)
        || product.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
        || (product.Category?.Contains(text, StringComparison.OrdinalIgnoreCase) ?? false);
}
