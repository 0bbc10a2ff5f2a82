namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>How much may be kept of a signal.</summary>
internal readonly record struct Bound(int Count, long Bytes);

/// <summary>What was received, and is kept; safe to use from any thread.</summary>
internal sealed class Telemetry(Bound spans, Bound logs, Bound series)
{
    private readonly Lock _lock = new();
    private readonly RecordReader _reader = new();
    private readonly TraceStore _traces = new(spans);
    private readonly BoundedQueue<LogEntry> _logs = new(logs);
    private readonly MetricStore _metrics = new(series);

    /// <summary>Whether it could be taken: it needs a trace id and a span id.</summary>
    public bool Add(Source source, Span span)
    {
        lock (_lock)
        {
            return _reader.Span(source, span) is { } record && _traces.Add(record, _reader.Bytes);
        }
    }

    public bool Add(Source source, Scope? scope, LogRecord record)
    {
        lock (_lock)
        {
            _logs.Add(_reader.Log(source, scope, record), _reader.Bytes);
            return true;
        }
    }

    /// <summary>Whether it is of a kind that is shown.</summary>
    public bool Add(Source source, Metric metric)
    {
        lock (_lock)
        {
            foreach (var point in metric.Gauge?.DataPoints ?? metric.Sum?.DataPoints ?? [])
            {
                var value = point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
                var latest = _reader.Point(source, metric, point.Attributes, point.TimeUnixNano, value);
                _metrics.Set(latest, metric.Sum is { IsMonotonic: true, AggregationTemporality: Temporality.Cumulative }, _reader.Bytes);
            }

            foreach (var point in metric.Histogram?.DataPoints ?? [])
            {
                var latest = _reader.Point(source, metric, point.Attributes, point.TimeUnixNano, point.Count) with { Histogram = point };
                point.Attributes.Clear(); // They are in the point as text.
                _metrics.Set(latest, metric.Histogram!.AggregationTemporality == Temporality.Cumulative, _reader.Bytes + 100 + (16 * (point.BucketCounts.Count + point.ExplicitBounds.Count)));
            }

            return metric.DataCase != Metric.DataOneofCase.None;
        }
    }

    /// <summary>Looks at what is kept; nothing changes meanwhile, so not for long.</summary>
    public T Read<T>(Func<TraceStore, BoundedQueue<LogEntry>, MetricStore, T> look)
    {
        lock (_lock)
        {
            return look(_traces, _logs, _metrics);
        }
    }
}
