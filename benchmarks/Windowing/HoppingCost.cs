using System.Diagnostics;
using System.Globalization;
using System.Text;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Benchmarks.Windowing;

/// <summary>
/// What an event costs in windows of one hour that hop ever faster: four hours of event time with 100 keys, closing and taking included. The windows that
/// close grow in number as the hop shrinks, and each is a row for each key: rows are shown beside the cost, because making them is all that grows.
/// </summary>
internal static class HoppingCost
{
    private const int Keys = 100;
    private const int Rounds = 3;
    private const long FirstMs = 1_700_000_000_000;
    private const long SpanMs = 4 * 3_600_000;
    private const int TakeEvery = 200_000;
    private static readonly TimeSpan Size = TimeSpan.FromHours(1);

    public static void Print(int events)
    {
        Console.WriteLine("windows of 1 h   ns/event   closed rows/event   ns/(event + closed row)");
        Print("tumbling", WindowSpecs.Tumbling(Size), events);
        foreach (int seconds in new[] { 1800, 900, 600, 300, 120, 60, 30, 10 })
        {
            WindowSpec spec = WindowSpecs.Hopping(Size, TimeSpan.FromSeconds(seconds));
            Print($"hop {WindowSpecs.Word(TimeSpan.FromSeconds(seconds))}", spec, events);
        }
    }

    private static void Print(string name, WindowSpec spec, int events)
    {
        (double Nanoseconds, long Rows)[] rounds = [.. Enumerable.Range(0, Rounds + 1).Select(_ => Run(spec, events)).Skip(1).OrderBy(round => round.Nanoseconds)];
        (double ns, long rows) = rounds[Rounds / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-14} {ns / events,10:0} {rows / (double)events,19:0.000} {ns / (events + rows),25:0}"));
    }

    private static (double Nanoseconds, long Rows) Run(WindowSpec spec, int events)
    {
        var random = new Random(1);
        byte[][] keys = [.. Enumerable.Range(0, Keys).Select(i => Encoding.UTF8.GetBytes($"store-{i:0000}"))];
        var plan = new WindowPlan([spec], TimeSpan.Zero, OutOfOrderness: TimeSpan.FromSeconds(5), FutureBound: TimeSpan.FromHours(1));
        var engine = new WindowEngine(plan, Workload.Measures);
        long rows = 0;
        long start = Process.GetCurrentProcess().TotalProcessorTime.Ticks;
        for (int i = 0; i < events; i++)
        {
            long value = i & 0xFFF;
            long time = FirstMs + (i * SpanMs / events) - random.Next(4_000);
            engine.Add(keys[random.Next(Keys)], new EventValues(new ReadOnlySpan<long>(in value), missing: 0, time, offset: i), time);
            if (i % TakeEvery == TakeEvery - 1)
            {
                rows += engine.TakeChanges().Closed.Count;
            }
        }

        return ((Process.GetCurrentProcess().TotalProcessorTime.Ticks - start) * 100.0, rows);
    }
}
