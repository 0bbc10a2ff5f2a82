using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>The simplest measures, one number of each event, and short words for engines that take them.</summary>
internal static class OneNumber
{
    public static readonly MeasurePlan Plan = new(
        [new FieldSpec("value", FieldKind.Number, Scale: 0, Unit: null)], [new MeasureSpec("value_sum", MeasureKind.Sum, 0)]);

    public static WindowEngine Engine(WindowPlan windows, long? watermarkMs = null, IEnumerable<WindowRow>? openRows = null) =>
        new(windows, Plan, watermarkMs, openRows);

    public static Verdict Add(this WindowEngine engine, ReadOnlySpan<byte> key, long value, long eventTimeMs, long brokerTimestampMs) =>
        engine.Add(key, new EventValues(new ReadOnlySpan<long>(in value), missing: 0, eventTimeMs, offset: 0), brokerTimestampMs);
}
