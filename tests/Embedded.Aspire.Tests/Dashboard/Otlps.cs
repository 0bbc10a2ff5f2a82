using System.Buffers.Binary;
using Aspire.Hosting.Dashboard.Otlp;
using Google.Protobuf;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

/// <summary>Messages for tests.</summary>
internal static class Otlps
{
    private const ulong Second = 1_000_000_000;

    public static Resource Resource(string name, string instance = "one") => new() { Attributes = { Text("service.name", name), Text("service.instance.id", instance) } };

    public static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    /// <param name="trace">Its trace's id.</param>
    /// <param name="id">Its own.</param>
    /// <param name="name">What is done.</param>
    /// <param name="parent">Its parent's id.</param>
    /// <param name="links">Traces and spans that it is linked to.</param>
    /// <param name="at">When it starts, in seconds; it takes one.</param>
    public static Span Span(ulong trace, ulong id, string name, ulong parent = 0, (ulong Trace, ulong Span)[]? links = null, ulong at = 100) => new()
    {
        TraceId = Trace(trace),
        SpanId = Id(id),
        ParentSpanId = parent == 0 ? ByteString.Empty : Id(parent),
        Name = name,
        StartTimeUnixNano = at * Second,
        EndTimeUnixNano = (at + 1) * Second,
        Links = { (links ?? []).Select(link => new SpanLink { TraceId = Trace(link.Trace), SpanId = Id(link.Span) }) },
    };

    public static ExportTraceRequest Traces(string resource, params Span[] spans) =>
        new() { ResourceSpans = { new ResourceSpans { Resource = Resource(resource), ScopeSpans = { new ScopeSpans { Spans = { spans } } } } } };

    public static ExportLogsRequest Logs(string resource, params LogRecord[] records) =>
        new() { ResourceLogs = { new ResourceLogs { Resource = Resource(resource), ScopeLogs = { new ScopeLogs { Scope = new Scope { Name = "Sample.Category" }, LogRecords = { records } } } } } };

    public static ExportMetricsRequest Metrics(string resource, params Metric[] metrics) =>
        new() { ResourceMetrics = { new ResourceMetrics { Resource = Resource(resource), ScopeMetrics = { new ScopeMetrics { Metrics = { metrics } } } } } };

    public static Metric Counter(string name, long value, ulong atSeconds, params KeyValue[] attributes) => new()
    {
        Name = name,
        Unit = "{event}",
        Sum = new Sum
        {
            IsMonotonic = true,
            AggregationTemporality = Temporality.Cumulative,
            DataPoints = { new NumberPoint { AsInt = value, TimeUnixNano = atSeconds * Second, Attributes = { attributes } } },
        },
    };

    public static Metric Duration(string name, double[] bounds, ulong[] counts, double sum) => new()
    {
        Name = name,
        Unit = "s",
        Histogram = new Histogram
        {
            AggregationTemporality = Temporality.Cumulative,
            DataPoints = { new HistogramPoint { Count = counts.Aggregate((a, b) => a + b), Sum = sum, TimeUnixNano = Second, ExplicitBounds = { bounds }, BucketCounts = { counts } } },
        },
    };

    public static ByteString Trace(ulong id)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), id);
        return ByteString.CopyFrom(bytes);
    }

    public static ByteString Id(ulong id)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        return ByteString.CopyFrom(bytes);
    }
}
