using Streaming.Contracts.Measures;

namespace Streaming.Contracts.Tests.Measures;

/// <summary>An event of a test, on the heap.</summary>
public sealed record Event(long[] Values, uint Missing, long TimeMs, long Offset)
{
    public EventValues Borrowed => new(Values, Missing, TimeMs, Offset);

    public bool Has(int field) => Borrowed.Has(field);

    public override string ToString() => $"[{string.Join(' ', Values)}] missing {Missing:b} at {TimeMs} offset {Offset}";

    /// <summary>Events with one value each, one after the other.</summary>
    public static Event[] Series(params IEnumerable<long> values) => [.. values.Select((value, i) => new Event([value], 0, i, i))];
}
