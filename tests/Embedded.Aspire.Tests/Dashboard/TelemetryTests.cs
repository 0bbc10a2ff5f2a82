using Aspire.Hosting.Dashboard.Otlp;

namespace Streaming.Embedded.Aspire.Tests.Dashboard;

public sealed class TelemetryTests
{
    private static readonly Bound s_plenty = new(1000, 1 << 20);
    private static readonly Source s_app = new("app", "one");

    [Fact]
    public void Links_are_followed_both_ways_and_not_to_other_members_of_a_batch()
    {
        // send 1 ─┐
        // send 2 ─┴─► checkpoint 3 ──► push 4      send 9 ──► checkpoint 8
        var telemetry = Filled(
            Otlps.Span(1, 1, "send"), Otlps.Span(2, 1, "send"), Otlps.Span(3, 1, "checkpoint", links: [(1, 1), (2, 1)]), Otlps.Span(3, 2, "INSERT", parent: 1),
            Otlps.Span(4, 1, "push", links: [(3, 1)]), Otlps.Span(9, 1, "send"), Otlps.Span(8, 1, "checkpoint", links: [(9, 1)]));

        Assert.Equal("before: ; after: 3, 4", Around(telemetry, 1));
        Assert.Equal("before: 1, 2; after: 4", Around(telemetry, 3));
        Assert.Equal("before: 3, 1, 2; after: ", Around(telemetry, 4));
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        var telemetry = Filled(Otlps.Span(1, 1, "one", links: [(2, 1)]), Otlps.Span(2, 1, "two", links: [(1, 1), (2, 1)]));

        Assert.Equal("before: 2; after: 2", Around(telemetry, 1));
    }

    [Fact]
    public void The_oldest_spans_give_way_and_are_counted_and_nothing_of_them_is_left()
    {
        var telemetry = new Telemetry(new(3, 1 << 20), s_plenty, s_plenty);
        for (ulong trace = 1; trace <= 5; trace++)
        {
            telemetry.Add(s_app, Otlps.Span(trace, 1, "span", links: [(100, 1)]));
        }

        telemetry.Read((traces, _, _) =>
        {
            Assert.Equal((3, 2L), (traces.Kept.Count, traces.Kept.Dropped));
            Assert.Null(traces.View(2));
            Assert.Null(traces.Find(new SpanKey(2, 1)));
            Assert.Equal([3, 4, 5], traces.LinkingTo(new SpanKey(100, 1)).Select(span => (ulong)span.Key.TraceId));
            return 0;
        });
    }

    [Fact]
    public void Memory_bounds_what_is_kept_however_large_each_is()
    {
        const int bytes = 100_000;
        var telemetry = new Telemetry(new(10_000, bytes), new(10_000, bytes), new(10_000, bytes));
        for (var number = 0; number < 500; number++)
        {
            var text = Otlps.Text($"key {number}", new string((char)('a' + (number % 26)), 50_000) + number);
            var span = Otlps.Span((ulong)number + 1, 1, "span");
            span.Attributes.Add(text);
            telemetry.Add(s_app, span);
            telemetry.Add(s_app, null, new LogRecord { Body = text.Value, Attributes = { text } });
            telemetry.Add(s_app, Otlps.Counter("counter", 1, 1, text));
        }

        telemetry.Read((traces, logs, metrics) =>
        {
            Assert.All([traces.Kept.Bytes, logs.Bytes, metrics.Bytes], kept => Assert.InRange(kept, 1, bytes));
            Assert.Equal([500, 500, 500], [traces.Kept.Count + traces.Kept.Dropped, logs.Count + logs.Dropped, metrics.Count + metrics.Dropped]);
            return 0;
        });
    }

    [Fact]
    public void The_bounds_of_a_histogram_count_as_its_buckets_do()
    {
        const int bytes = 100_000;
        var telemetry = new Telemetry(s_plenty, s_plenty, new(10_000, bytes));
        for (var number = 0; number < 50; number++)
        {
            telemetry.Add(s_app, Otlps.Duration($"bounds {number}", new double[2_000], [1], sum: 1));
        }

        telemetry.Read((_, _, metrics) =>
        {
            Assert.InRange(metrics.Points.Sum(point => point.Histogram!.CalculateSize()), 1, bytes);
            Assert.Equal(50, metrics.Count + metrics.Dropped);
            return 0;
        });
    }

    [Theory]
    [InlineData(20, "app")]
    [InlineData(400_000, "unknown")]
    public void A_source_is_looked_for_among_the_first_attributes_of_its_resource(int others, string expected)
    {
        var resource = new Resource();
        resource.Attributes.AddRange(Enumerable.Repeat(new KeyValue(), others));
        resource.Attributes.Add(Otlps.Text("service.name", "app"));

        Assert.Equal(new Source(expected, ""), RecordReader.SourceOf(resource));
    }

    [Fact]
    public void A_span_that_is_sent_again_is_kept_once()
    {
        var telemetry = Filled(Otlps.Span(1, 1, "once"), Otlps.Span(1, 1, "once"));

        Assert.Equal(1, telemetry.Read((traces, _, _) => traces.Kept.Count));
    }

    [Fact]
    public void A_growing_sum_has_a_rate_and_a_process_that_began_anew_none()
    {
        var telemetry = new Telemetry(s_plenty, s_plenty, s_plenty);

        double? Send(long value, ulong at)
        {
            telemetry.Add(s_app, Otlps.Counter("events", value, at));
            return telemetry.Read((_, _, metrics) => Assert.Single(metrics.Points).Rate);
        }

        Assert.Equal([null, 50, null], [Send(100, 10), Send(200, 12), Send(5, 13)]);
    }

    [Fact]
    public void Percentiles_lie_within_their_bucket()
    {
        // 10 values up to 1, 80 up to 2, 10 above 4.
        var telemetry = new Telemetry(s_plenty, s_plenty, s_plenty);
        telemetry.Add(s_app, Otlps.Duration("lasted", [1, 2, 4], [10, 80, 0, 10], sum: 190));

        var point = telemetry.Read((_, _, metrics) => Assert.Single(metrics.Points));

        Assert.Equal((100, 1.9, 1.5, 4), (point.Value, point.Mean, point.Percentile(0.5), point.Percentile(0.99)));
    }

    [Fact]
    public void A_histogram_whose_buckets_do_not_fit_its_bounds_has_no_percentiles()
    {
        var telemetry = new Telemetry(s_plenty, s_plenty, s_plenty);
        telemetry.Add(s_app, Otlps.Duration("lasted", [1, 2, 4], [10], sum: 1));

        Assert.Null(telemetry.Read((_, _, metrics) => Assert.Single(metrics.Points).Percentile(0.5)));
    }

    [Fact]
    public void Metrics_of_other_kinds_are_refused()
    {
        Assert.False(new Telemetry(s_plenty, s_plenty, s_plenty).Add(s_app, new Metric { Name = "summary" }));
    }

    private static Telemetry Filled(params Span[] spans)
    {
        var telemetry = new Telemetry(s_plenty, s_plenty, s_plenty);
        Array.ForEach(spans, span => Assert.True(telemetry.Add(s_app, span)));
        return telemetry;
    }

    private static string Around(Telemetry telemetry, ulong trace)
    {
        var view = telemetry.Read((traces, _, _) => traces.View(trace))!;
        return $"before: {Ids(view.Before)}; after: {Ids(view.After)}";

        static string Ids(List<SpanRecord[]> traces) => string.Join(", ", traces.Select(spans => spans[0].Key.TraceId));
    }
}
