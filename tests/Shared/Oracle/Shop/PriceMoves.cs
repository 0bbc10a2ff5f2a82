namespace Streaming.Tests.Oracle.Shop;

/// <summary>How far a product's price has moved, in minor units: recomputed from its changes one by one.</summary>
internal sealed record PriceMove(string Product, string Name, string Currency, long Opening, long Last, int Changes)
{
    public double Distance => Opening == 0 ? -1 : Math.Abs((double)(Last - Opening) / Opening);

    /// <summary>
    /// The moves over a range of minutes, the biggest first. The opening is what the first change of the product's first minute that names a price before it names;
    /// where none does, the price that the first change set.
    /// </summary>
    /// <param name="counted">Changes that were not late for their minute.</param>
    public static List<PriceMove> Of(IEnumerable<PublishedPrice> counted, long fromMs, long toMs) =>
    [
        .. counted.Where(price => price.Time >= fromMs && price.Time < toMs).GroupBy(price => price.Product).Select(product =>
        {
            var changes = product.OrderBy(price => price.Time).ThenBy(price => price.Offset).ToList();
            var minute = changes.TakeWhile(price => price.Time / 60_000 == changes[0].Time / 60_000);
            return new PriceMove(
                product.Key, changes[^1].ProductCurrency == "XXX" ? product.Key : changes[^1].Name, changes[^1].Currency, minute.FirstOrDefault(price => price.Previous is not null)?.Previous ?? changes[0].Price, changes[^1].Price, changes.Count);
        }).OrderByDescending(move => move.Distance),
    ];
}
