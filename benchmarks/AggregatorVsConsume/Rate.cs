using System.Diagnostics;
using System.Globalization;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>What a contender achieved.</summary>
/// <param name="PerSecond">Events per second of wall time.</param>
/// <param name="CpuMicroseconds">Processor time of its process per event, in µs: less disturbed by what else the machine does.</param>
internal readonly record struct Achieved(double PerSecond, double CpuMicroseconds)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{PerSecond / 1000,7:#,##0} k/s {CpuMicroseconds,6:0.00} µs");

    /// <summary>The middle of each; of an even number, the mean of the two in the middle.</summary>
    public static Achieved MedianOf(IReadOnlyList<Achieved> rounds) =>
        new(Median(rounds.Select(round => round.PerSecond)), Median(rounds.Select(round => round.CpuMicroseconds)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>
/// Times a run once it is under way: from the first progress beyond half of the events to the last event, so that starting up, joining and most of
/// the compiling count for nobody. Both contenders are timed by this.
/// </summary>
internal sealed class Rate(int events, Process process)
{
    private long _startedAt;
    private TimeSpan _cpuBefore;
    private long _before;

    /// <summary>Null until the last event is done.</summary>
    public Achieved? Result { get; private set; }

    /// <summary>Notes how many events are done by now.</summary>
    public void Reach(long done)
    {
        if (done < events / 2 || Result is not null)
        {
            return;
        }

        if (_startedAt == 0)
        {
            (_startedAt, _cpuBefore, _before) = (Stopwatch.GetTimestamp(), Cpu(), done);
        }

        if (done >= events)
        {
            double counted = done - _before;
            Result = new Achieved(counted / Stopwatch.GetElapsedTime(_startedAt).TotalSeconds, (Cpu() - _cpuBefore).TotalMicroseconds / counted);
        }
    }

    private TimeSpan Cpu()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
