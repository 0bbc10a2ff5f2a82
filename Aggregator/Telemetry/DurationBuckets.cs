using System.Diagnostics.Metrics;

namespace Streaming.Aggregator.Telemetry;

/// <summary>Bounds of histograms of seconds: OpenTelemetry's own are made for milliseconds, and would put everything into the first one.</summary>
internal static class DurationBuckets
{
    /// <summary>For what takes milliseconds.</summary>
    public static readonly InstrumentAdvice<double> Short = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>For ages, which are seconds while all is well and hours in a replay.</summary>
    public static readonly InstrumentAdvice<double> Long = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400] };
}
