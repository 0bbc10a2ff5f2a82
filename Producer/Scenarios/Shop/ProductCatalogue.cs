using System.Collections.Immutable;
using Streaming.Contracts.Shop;

namespace Streaming.Producer.Scenarios.Shop;

/// <summary>A product and what it costs on an ordinary day.</summary>
/// <param name="Product">What the topic <c>products</c> says of it.</param>
/// <param name="PriceMinor">The price around which it moves, in minor units of its currency.</param>
/// <param name="Weight">How often its price changes, relative to other products.</param>
public sealed record ProductProfile(Product Product, long PriceMinor, double Weight);

/// <summary>The simulated shop's products.</summary>
public static class ProductCatalogue
{
    /// <summary>All that are described; the order is part of what a seed reproduces.</summary>
    public static ImmutableArray<ProductProfile> Products { get; } =
    [
        .. Category("Lighting", "EUR", 1.0,
            ("desk-lamp", "Desk lamp “Oslo”", 49_90), ("floor-lamp", "Floor lamp “Turin”", 129_00), ("reading-lamp", "Reading lamp, brass", 89_50), ("string-lights", "String lights, 10 m", 19_90),
            ("led-strip", "LED strip, 5 m", 24_95), ("pendant-light", "Pendant light “Kyoto”", 159_00), ("night-light", "Night light, rabbit", 14_90), ("bulb-e27", "Bulb E27, warm white", 6_90),
            ("headlamp", "Headlamp 400 lm", 34_90), ("lantern", "Camping lantern", 27_50)),
        .. Category("Kitchen", "EUR", 1.4,
            ("espresso-machine", "Espresso machine “Duo”", 549_00), ("coffee-grinder", "Coffee grinder", 119_00), ("chef-knife", "Chef’s knife, 20 cm", 74_90), ("cast-iron-pan", "Cast-iron pan, 28 cm", 59_90),
            ("kettle", "Kettle, 1.7 l", 39_90), ("kitchen-scale", "Kitchen scale", 22_90), ("mixing-bowls", "Mixing bowls, set of 3", 29_50), ("toaster", "Toaster, 2 slots", 44_90),
            ("blender", "Blender 1,200 W", 89_90), ("tea-tin", "Tea tin, 250 g", 9_90), ("cutting-board", "Cutting board, oak", 34_50)),
        .. Category("Audio", "USD", 1.6,
            ("headphones", "Headphones, noise-cancelling", 279_00), ("earbuds", "Earbuds “Drop”", 99_00), ("turntable", "Turntable, belt drive", 349_00), ("bookshelf-speakers", "Bookshelf speakers, pair", 229_00),
            ("soundbar", "Soundbar 2.1", 189_00), ("microphone", "Microphone, USB", 109_00), ("audio-cable", "Cable, 3.5 mm <2 m>", 12_90), ("portable-speaker", "Portable speaker", 69_90),
            ("headphone-amp", "Headphone amplifier", 149_00), ("dac", "DAC, 24 bit", 119_00)),
        .. Category("Books", "GBP", 0.8,
            ("atlas", "Atlas of the World", 45_00), ("bread-book", "Bread at Home", 22_00), ("kafka-trial", "The Trial", 8_99), ("field-guide-birds", "Field Guide to Birds", 18_99),
            ("sql-book", "SQL & Tables", 34_99), ("star-maps", "Star Maps", 27_50), ("chess-openings", "Chess Openings", 16_99), ("sea-stories", "Sea Stories", 10_99),
            ("garden-year", "The Garden Year", 19_99), ("typography", "Typography, 4th ed.", 29_99)),
        .. Category("Watches", "CHF", 0.5,
            ("diver-watch", "Diver 300 m", 890_00), ("field-watch", "Field watch, 38 mm", 420_00), ("dress-watch", "Dress watch, steel", 1_250_00), ("chronograph", "Chronograph", 1_980_00),
            ("digital-watch", "Digital watch, retro", 59_00), ("pocket-watch", "Pocket watch", 310_00), ("watch-strap", "Strap, leather, 20 mm", 49_00), ("smartwatch", "Smartwatch “Eiger”", 329_00)),
        .. Category("Outdoor", "EUR", 1.2,
            ("tent-2p", "Tent, 2 persons", 219_00), ("sleeping-bag", "Sleeping bag −5 °C", 139_00), ("hiking-boots", "Hiking boots", 169_00), ("rain-jacket", "Rain jacket", 129_00),
            ("backpack-40", "Backpack, 40 l", 119_00), ("gas-stove", "Gas stove", 49_90), ("water-filter", "Water filter", 39_90), ("trekking-poles", "Trekking poles, pair", 74_90),
            ("thermos", "Thermos, 1 l", 29_90), ("hammock", "Hammock", 44_90), ("compass", "Compass", 24_90)),
        .. Category("Bicycles", "CHF", 0.9,
            ("city-bike", "City bike, 7 gears", 799_00), ("gravel-bike", "Gravel bike", 2_190_00), ("e-bike", "E-bike, 625 Wh", 3_490_00), ("bike-helmet", "Helmet", 89_00),
            ("bike-lock", "U-lock", 69_00), ("bike-pump", "Floor pump", 45_00), ("bike-light-set", "Light set", 39_00), ("saddle", "Saddle, leather", 119_00),
            ("pannier", "Pannier, 20 l", 79_00), ("inner-tube", "Inner tube, 28″", 7_90)),
    ];

    /// <summary>Products that are sold without anybody having described them.</summary>
    public static ImmutableArray<ProductProfile> Undescribed { get; } =
    [
        new(new Product("sample-0815", Product.Unknown, Product.Unknown, "EUR"), 19_00, 1), new(new Product("returned-4711", Product.Unknown, Product.Unknown, "CHF"), 65_00, 1),
    ];

    private static IEnumerable<ProductProfile> Category(string category, string currency, double weight, params (string Id, string Name, int PriceMinor)[] products) =>
        products.Select(product => new ProductProfile(new Product(product.Id, product.Name, category, currency), product.PriceMinor, weight));
}
