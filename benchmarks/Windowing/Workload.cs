using System.Text;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Benchmarks.Windowing;

/// <summary>
/// Keys in random order and event times out of order by up to 4 s, made beforehand so that only the engine is measured. Ten minutes of event
/// time pass in a run.
/// </summary>
internal sealed class Workload
{
    private const int Length = 1 << 16;
    private const long FirstMs = 1_700_000_000_000;
    private const long SpanMs = 600_000;
    public static readonly MeasurePlan Measures = new([new FieldSpec("amount", FieldKind.Number, 0, null)], [new MeasureSpec("amount_sum", MeasureKind.Sum, 0)]);

    private readonly (byte[] Key, byte[] Value, long JitterMs)[] _events = new (byte[], byte[], long)[Length];
    private readonly int _total;

    private Workload(int total) => _total = total;

    public required WindowEngine Engine { get; set; }

    public Verdict Add(byte[] key, long value, long eventTimeMs) =>
        Engine.Add(key, new EventValues(new ReadOnlySpan<long>(in value), missing: 0, eventTimeMs, offset: 0), eventTimeMs);

    public static Workload Create(int keys, int total, int seed)
    {
        var random = new Random(seed);
        string[] names = [.. Enumerable.Range(0, keys).Select(i => $"store-{i:00000}")];
        var options = new WindowPlan([WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))], TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var workload = new Workload(total) { Engine = new WindowEngine(options, Measures) };
        for (int i = 0; i < Length; i++)
        {
            string name = names[random.Next(keys)];
            byte[] value = StoreSaleJson.Encode(new StoreSale(name, random.Next(5_000), FirstMs));
            workload._events[i] = (Encoding.UTF8.GetBytes(name), value, -random.Next(4_000));
        }

        return workload;
    }

    public byte[] Key(int index) => _events[index & (Length - 1)].Key;

    public byte[] Value(int index) => _events[index & (Length - 1)].Value;

    public long EventTimeMs(int index) => FirstMs + (index * SpanMs / _total) + _events[index & (Length - 1)].JitterMs;
}
