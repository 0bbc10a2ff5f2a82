using System.Text;

namespace Streaming.Benchmarks.Windowing;

/// <summary>Keys in random order and event times out of order by up to 4 s, made beforehand so that only the engine is measured.</summary>
internal sealed class Workload
{
    private const int Length = 1 << 16;
    private readonly (byte[] Key, long JitterMs)[] _events = new (byte[], long)[Length];

    public (byte[] Key, long JitterMs) this[int index] => _events[index & (Length - 1)];

    public static Workload Create(int keys, int seed)
    {
        var random = new Random(seed);
        byte[][] names = [.. Enumerable.Range(0, keys).Select(i => Encoding.UTF8.GetBytes($"store-{i:00000}"))];
        var workload = new Workload();
        for (int i = 0; i < Length; i++)
        {
            workload._events[i] = (names[random.Next(keys)], -random.Next(4_000));
        }

        return workload;
    }
}
