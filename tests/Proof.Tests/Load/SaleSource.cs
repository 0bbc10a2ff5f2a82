using System.Text;
using Streaming.Contracts;

namespace Streaming.Proof.Tests.Load;

/// <summary>A record to be sent.</summary>
internal readonly record struct Sale(int Partition, byte[]? Key, byte[]? Value);

/// <summary>
/// The load of one round, drawn from the seed: sales of many stores, most in order, some out of order, some late, some that are no sale at all or lie in
/// the future. A store belongs to one partition, and some partitions are silent for the whole round.
/// </summary>
internal sealed class SaleSource(Random random, IReadOnlyList<EventClock> clocks)
{
    private const int StoresPerPartition = 40;
    private const int LongestTextBytes = 100_000;

    private readonly int[] _loud = Loud(random, clocks.Count);

    /// <summary>Every store that a sale may name, as the topic of stores describes it.</summary>
    public static IEnumerable<Store> Stores(int partitions) =>
        from partition in Enumerable.Range(0, partitions)
        from number in Enumerable.Range(0, StoresPerPartition)
        select new Store(Name(partition, number), "a store", "Zürich", "CH", 47.4, 8.5, "CHF");

    public Sale Next()
    {
        var partition = _loud[random.Next(_loud.Length)];
        var store = Name(partition, random.Next(StoresPerPartition));
        var amount = random.Next(1, 500);
        var time = clocks[partition].Next(random) - random.Next(1000) switch
        {
            < 200 => random.Next(5_000),
            < 230 => random.Next(20_000),
            < 240 => random.Next(600_000),
            _ => 0,
        };
        return random.Next(1000) switch
        {
            < 12 => Bad(partition, store, amount, time),
            < 16 => Good(partition, store, amount, Now() + random.Next(61_000, 3_600_000)),
            < 17 when clocks[partition].IsPresent && random.Next(20) == 0 => Good(partition, store, amount, Now() + 60_000), // at the very bound: either verdict, but the same for everybody (and the end of all history)
            _ => Good(partition, store, amount, time),
        };
    }

    private Sale Bad(int partition, string store, int amount, long time) => random.Next(8) switch
    {
        0 => new(partition, Bytes(store), Bytes("not a sale")),
        1 => new(partition, Bytes(store), null),
        2 => new(partition, null, Json(store, amount, time)),
        3 => Good(partition, store, -amount, time),
        4 => Good(partition, store, 2_000_000_000, time),
        5 => new(partition, Bytes(store + "x"), Json(store, amount, time)),
        6 => new(partition, Bytes(store), Bytes($$"""{"store_id":"{{store}}","sale_ts":{{time}}}""")),
        _ => new(partition, Bytes(store), Bytes(new string('x', random.Next(LongestTextBytes)))),
    };

    private static string Name(int partition, int number) => $"store-{partition}-{number}";

    private static Sale Good(int partition, string store, int amount, long time) => new(partition, Bytes(store), Json(store, amount, time));

    private static byte[] Json(string store, int amount, long time) => Bytes($$"""{"store_id":"{{store}}","sale_amount":{{amount}},"sale_ts":{{time}}}""");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>In two rounds of three one partition is silent, sometimes two.</summary>
    private static int[] Loud(Random random, int partitions)
    {
        var loud = Enumerable.Range(0, partitions).ToList();
        for (var silent = random.Next(3); silent > 0; silent--)
        {
            loud.RemoveAt(random.Next(loud.Count));
        }

        return [.. loud];
    }
}
