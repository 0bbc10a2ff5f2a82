using System.Diagnostics;
using System.Globalization;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;
using Streaming.Benchmarks;
using Streaming.Benchmarks.Windowing;
using Streaming.Contracts;

// What one event costs on one thread: WindowEngine.Add alone, and with the decoding of its JSON before it. Changes are taken every 200,000
// events, as a busy pipeline's checkpoint would. Then what hopping windows cost as the hop shrinks. Usage: dotnet run -c Release --project benchmarks/Windowing [-- keys [events]]
int keys = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
int events = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000_000;
const int Rounds = 7;
const int TakeEvery = 200_000;

Workload workload = Workload.Create(keys, events, seed: 1);
Console.WriteLine(Machine.Description);
Measure("Add", AddAlone);
Measure("Decode + Add", DecodeAndAdd);
HoppingCost.Print(events / 2);

void Measure(string name, Func<int, Verdict> step)
{
    var rates = new List<double>();
    long bytes = 0;
    for (int round = 0; round <= Rounds; round++)
    {
        (double rate, bytes) = Run(step);
        if (round > 0)
        {
            rates.Add(rate); // round 0 warms up
        }
    }

    rates.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-12}  median {rates[Rounds / 2] / 1e6,5:0.0} M events/s   {rates[0] / 1e6:0.0} to {rates[^1] / 1e6:0.0}   {bytes / (double)events:0.0} bytes allocated per event"));
}

(double Rate, long Bytes) Run(Func<int, Verdict> step)
{
    workload.Engine = new WindowEngine(new WindowPlan(
        [WindowSpecs.Tumbling(TimeSpan.FromMinutes(1))], TimeSpan.Zero, OutOfOrderness: TimeSpan.FromSeconds(5), FutureBound: TimeSpan.FromHours(1)), Workload.Measures);
    long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < events; i++)
    {
        if (!step(i).IsAccepted)
        {
            throw new InvalidOperationException($"Event {i} was not accepted.");
        }

        if (i % TakeEvery == TakeEvery - 1)
        {
            workload.Engine.TakeChanges();
        }
    }

    return (events / Stopwatch.GetElapsedTime(start).TotalSeconds, GC.GetAllocatedBytesForCurrentThread() - allocatedBefore);
}

Verdict AddAlone(int i)
{
    long eventTimeMs = workload.EventTimeMs(i);
    return workload.Add(workload.Key(i), i & 0xFFF, eventTimeMs);
}

Verdict DecodeAndAdd(int i)
{
    byte[] key = workload.Key(i);
    SaleRejection rejection = StoreSaleJson.Decode(key, workload.Value(i), out int amount, out _);
    long eventTimeMs = workload.EventTimeMs(i);
    return rejection == SaleRejection.None ? workload.Add(key, amount, eventTimeMs) : Verdict.OutOfRange;
}
