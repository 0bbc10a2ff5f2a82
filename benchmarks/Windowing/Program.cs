using System.Diagnostics;
using System.Globalization;
using Streaming.Aggregator.Windowing;
using Streaming.Benchmarks.Windowing;

// Events/s of WindowEngine.Add on one thread, with a take every 200,000 events as a busy pipeline's checkpoint would do.
// Usage: dotnet run -c Release --project benchmarks/Windowing [-- keys [events]]
int keys = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
int events = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000_000;
const int Rounds = 7;
const int TakeEvery = 200_000;

Workload workload = Workload.Create(keys, seed: 1);
Console.WriteLine(Machine.Description);
var rates = new List<double>();
for (int round = 0; round <= Rounds; round++)
{
    (double rate, long bytes, long rows) = Run(workload, events);
    string note = round == 0 ? "  (warm-up, not counted)" : "";
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"round {round}: {rate / 1e6:0.0} M events/s, {bytes / (double)events:0.0} bytes allocated per event, {rows} rows taken{note}"));
    if (round > 0)
    {
        rates.Add(rate);
    }
}

rates.Sort();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median: {rates[Rounds / 2] / 1e6:0.0} M events/s on {keys} keys"));

static (double Rate, long Bytes, long Rows) Run(Workload workload, int events)
{
    var options = new WindowOptions(
        TimeSpan.FromMinutes(1), TimeSpan.Zero, TimeSpan.Zero, OutOfOrderness: TimeSpan.FromSeconds(5), FutureBound: TimeSpan.FromHours(1));
    var engine = new WindowEngine(options);
    long rows = 0;
    long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < events; i++)
    {
        (byte[] key, long jitterMs) = workload[i];
        long eventTimeMs = 1_700_000_000_000 + (i / 10) + jitterMs;
        engine.Add(key, i & 0xFFF, eventTimeMs, eventTimeMs);
        if (i % TakeEvery == TakeEvery - 1)
        {
            ChangeSet changes = engine.TakeChanges();
            rows += changes.Open.Count + changes.Closed.Count;
        }
    }

    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    return (events / seconds, GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, rows);
}
