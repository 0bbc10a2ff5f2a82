using System.Diagnostics;
using System.Globalization;

namespace Streaming.Benchmarks.AggregatorVsConsume;

/// <summary>
/// Events/s of a run once it is under way: from the first progress beyond a fifth of the events to the last event, so that starting up, joining
/// and compiling count for nobody. Both contenders are timed by this.
/// </summary>
internal sealed class Rate(int events)
{
    private long _startedAt;
    private long _before;

    /// <summary>The rate; known when <see cref="IsDone"/>.</summary>
    public double PerSecond { get; private set; }

    public bool IsDone { get; private set; }

    private int Threshold => events / 5;

    /// <summary>Notes how many events are done by now.</summary>
    public void Reach(long done)
    {
        if (done < Threshold || IsDone)
        {
            return;
        }

        if (_startedAt == 0)
        {
            (_startedAt, _before) = (Stopwatch.GetTimestamp(), done);
        }

        if (done >= events)
        {
            PerSecond = (done - _before) / Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
            IsDone = true;
        }
    }

    /// <summary>The middle of some rates, as the report shows them.</summary>
    public static double Median(IReadOnlyList<double> rates)
    {
        double[] sorted = [.. rates.Order()];
        return sorted[sorted.Length / 2];
    }

    public static string Show(double rate) => (rate / 1000).ToString("#,##0", CultureInfo.InvariantCulture) + " k/s";
}
