using System.Globalization;
using Streaming.Benchmarks;
using Streaming.Benchmarks.StartUp;

// How long does the whole application take until everything is healthy? See benchmarks/README.md.
var starts = 5;
var appHostArguments = args;
if (args is [var first, .. var others] && !first.StartsWith('-'))
{
    starts = int.Parse(first, NumberStyles.None, CultureInfo.InvariantCulture);
    appHostArguments = others;
}

ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
Console.WriteLine(Machine.Description);
Console.WriteLine($"{starts} starts, each with fresh data{(appHostArguments.Length == 0 ? "" : ", " + string.Join(' ', appHostArguments))}");

var runs = new List<StartedApplication>();
for (var i = 1; i <= starts; i++)
{
    var run = await StartedApplication.MeasureAsync(appHostArguments);
    runs.Add(run);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"start {i,2}  all healthy after {run.Ready.TotalSeconds,6:0.00} s   stopped in {run.Stopped.TotalSeconds,6:0.00} s"));
}

Console.WriteLine();
Console.WriteLine($"{"median of each",-20} {"running",9} {"healthy",9}");
foreach (var name in runs[0].Resources.Keys)
{
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-20} {Median(runs.Select(run => run.Resources[name].Running)),7:0.00} s {Median(runs.Select(run => run.Resources[name].Healthy)),7:0.00} s"));
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"all",-20} {"",9} {Median(runs.Select(run => run.Ready)),7:0.00} s"));

static double Median(IEnumerable<TimeSpan> times)
{
    double[] sorted = [.. times.Select(time => time.TotalSeconds).Order()];
    return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
