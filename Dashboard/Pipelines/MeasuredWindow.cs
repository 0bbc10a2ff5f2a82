using System.Collections.Immutable;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Windows;

namespace Streaming.Dashboard.Pipelines;

/// <summary>
/// What a pipeline says of one key in one window, over all partitions. What lies in columns is merged at once, sketches only when somebody looks at them.
/// </summary>
public sealed class MeasuredWindow
{
    private readonly MeasurePlan _plan;
    private readonly bool _readsColumns;
    private readonly Lazy<WindowReading> _reading;

    private MeasuredWindow(MeasurePlan plan, MeasurePlan own, Window window, string key, IReadOnlyList<IWindowPart> parts, bool isFinal)
    {
        (_plan, Window, Key, IsFinal) = (plan, window, key, isFinal);
        Basic = parts.Aggregate(default(BasicMeasures), (sum, part) => sum.Merge(part.Basic));
        Late = parts.Sum(part => part.Late);
        var newest = parts.MaxBy(part => part.Version)!;
        (Sources, Parts, Source, Version) = (parts, parts.Count, newest.Source, newest.Version);
        _readsColumns = ReferenceEquals(plan, own);
        _reading = new Lazy<WindowReading>(() => _readsColumns ? WindowReading.Of(plan, Basic, parts) : WindowReading.Of(own, Basic, parts).As(own, plan));
    }

    private MeasuredWindow(MeasurePlan plan, Window window, string key, BasicMeasures basic, long late, bool isFinal, int parts, WindowReading reading)
    {
        (_plan, Window, Key, Basic, Late, IsFinal, Parts) = (plan, window, key, basic, late, isFinal, parts);
        _reading = new Lazy<WindowReading>(reading);
    }

    /// <summary>Its interval.</summary>
    public Window Window { get; }

    /// <summary>What it is grouped by, as somebody sent it: always encoded on its way to a page.</summary>
    public string Key { get; }

    /// <summary>What lies in columns.</summary>
    public BasicMeasures Basic { get; }

    /// <summary>Events that came after the window had closed; in none of the measures.</summary>
    public long Late { get; }

    /// <summary>Whether the measures change no more.</summary>
    public bool IsFinal { get; }

    /// <summary>The rows that it is made of; none when they were merged before.</summary>
    public IReadOnlyList<IWindowPart> Sources { get; } = [];

    /// <summary>Of how many rows it is made.</summary>
    public int Parts { get; }

    /// <summary>The partition that wrote it last.</summary>
    public RowSource Source { get; }

    /// <summary>That partition's checkpoint.</summary>
    public long Version { get; }

    /// <summary>Whether a stored state could not be read: the measures that lie in it have no value then.</summary>
    public bool IsDamaged => _reading.Value.IsDamaged;

    /// <summary>All measures, in the plan's order.</summary>
    public ImmutableArray<MeasureValue> Values => _reading.Value.Values;

    /// <summary>The window over its parts, at least one.</summary>
    public static MeasuredWindow Of(MeasurePlan plan, Window window, string key, IReadOnlyList<IWindowPart> parts, bool isFinal) => new(plan, plan, window, key, parts, isFinal);

    /// <summary>The window over parts that another definition has measured; what both measure alike has values.</summary>
    internal static MeasuredWindow Of(MeasurePlan plan, MeasurePlan own, Window window, string key, IReadOnlyList<IWindowPart> parts, bool isFinal) => new(plan, own, window, key, parts, isFinal);

    /// <summary>A window whose measures were merged before.</summary>
    internal static MeasuredWindow Of(MeasurePlan plan, Window window, string key, BasicMeasures basic, long late, bool isFinal, int parts, WindowReading reading) =>
        new(plan, window, key, basic, late, isFinal, parts, reading);

    /// <summary>One measure, by its place in the plan; decodes nothing when it lies in columns.</summary>
    public MeasureValue Value(int measure) => _readsColumns && _plan.LiesInColumns(measure) ? MeasureReader.Read(_plan, _plan.Measures[measure], Basic, null) : Values[measure];

    /// <summary>For sorting: nothing comes before everything.</summary>
    public double Rank(int measure) => Value(measure) is { HasValue: true } value ? value.Number : double.NegativeInfinity;
}
