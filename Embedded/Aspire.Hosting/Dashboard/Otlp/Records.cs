namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>The process that telemetry comes from: the resource, and which replica of it.</summary>
internal sealed record Source(string Name, string Instance);

/// <summary>An attribute, as it is shown.</summary>
internal readonly record struct Tag(string Key, string Value);

/// <summary>A span's name in all the world.</summary>
internal readonly record struct SpanKey(UInt128 TraceId, ulong SpanId);

/// <summary>Something that happened within a span.</summary>
internal sealed record Happening(ulong Time, string Name, Tag[] Tags);

/// <summary>A span. Times are nanoseconds since 1970; a parent's id is 0 where there is none; the error is null where nothing went wrong.</summary>
internal sealed record SpanRecord(
    Source Source, SpanKey Key, ulong ParentId, string Name, SpanKind Kind, ulong Start, ulong End, string? Error, Tag[] Tags, Happening[] Happenings, SpanKey[] Links);

internal sealed record LogEntry(Source Source, string Category, ulong Time, int Severity, string Message, SpanKey Span, Tag[] Tags);

/// <summary>What tells one series of values from all others.</summary>
internal readonly record struct SeriesKey(Source Source, string Name, string Attributes);

/// <summary>The latest value of a series; of a histogram it is the count.</summary>
internal sealed record Point(SeriesKey Key, string Unit, string Description, ulong Time, double Value)
{
    /// <summary>Per second since the value before it; null where it is no sum that only grows.</summary>
    public double? Rate { get; init; }

    public HistogramPoint? Histogram { get; init; }
    public double? Mean => Histogram is { HasSum: true, Count: > 0 } histogram ? histogram.Sum / histogram.Count : null;

    /// <summary>An estimate: values are taken to be spread evenly within their bucket, as Prometheus' histogram_quantile does it.</summary>
    public double? Percentile(double share)
    {
        if (Histogram is not { Count: > 0 } histogram || histogram.BucketCounts.Count != histogram.ExplicitBounds.Count + 1)
        {
            return null;
        }

        var (rank, below) = (share * histogram.Count, 0.0);
        for (var bucket = 0; bucket < histogram.ExplicitBounds.Count; below += histogram.BucketCounts[bucket++])
        {
            if (below + histogram.BucketCounts[bucket] >= rank && histogram.BucketCounts[bucket] > 0)
            {
                var lower = bucket > 0 ? histogram.ExplicitBounds[bucket - 1] : Math.Min(0, histogram.ExplicitBounds[0]);
                return lower + ((histogram.ExplicitBounds[bucket] - lower) * (rank - below) / histogram.BucketCounts[bucket]);
            }
        }

        return histogram.HasMax ? histogram.Max : histogram.ExplicitBounds.LastOrDefault();
    }
}
