using Streaming.Contracts;

namespace Streaming.Aggregator.Tests.Pipeline;

/// <summary>Sales for tests, seeded.</summary>
internal static class Sales
{
    public static readonly string[] Stores = ["zurich-1", "tokyo-1", "lima-1", "oslo-1", "cairo-1", "perth-1", "paris-1", "delhi-1", "accra-1", "quito-1"];

    /// <summary>Sales of all stores over some minutes that began two hours ago: mostly in order, some out of order, a few late.</summary>
    public static IEnumerable<StoreSale> Random(int count, int seed, int fromMinute = 0, int minutes = 10)
    {
        var random = new Random(seed);
        var start = DateTimeOffset.UtcNow.AddHours(-2).ToUnixTimeMilliseconds() + fromMinute * 60_000L;
        for (var i = 0; i < count; i++)
        {
            var back = random.Next(100) switch { < 20 => random.Next(5_000), < 22 => random.Next(200_000), _ => 0 };
            yield return new StoreSale(Stores[random.Next(Stores.Length)], random.Next(1, 500), start + minutes * 60_000L * i / count - back);
        }
    }
}
