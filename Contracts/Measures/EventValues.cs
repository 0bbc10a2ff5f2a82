namespace Streaming.Contracts.Measures;

/// <summary>What one event brings to its windows. It borrows the values: nothing keeps it beyond the call.</summary>
public readonly ref struct EventValues
{
    /// <param name="values">One per field of the plan, in its order; what stands where a value is missing means nothing.</param>
    /// <param name="missing">Bit i: field i has no value. Bit 0 is never set: an event without it is no event of the pipeline.</param>
    /// <param name="eventTimeMs">When it happened, milliseconds since the Unix epoch.</param>
    /// <param name="offset">Its record's offset in its partition.</param>
    public EventValues(ReadOnlySpan<long> values, uint missing, long eventTimeMs, long offset)
    {
        Values = values;
        Missing = missing;
        EventTimeMs = eventTimeMs;
        Offset = offset;
    }

    /// <summary>One per field of the plan.</summary>
    public ReadOnlySpan<long> Values { get; }

    /// <summary>Bit i: field i has no value.</summary>
    public uint Missing { get; }

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long EventTimeMs { get; }

    /// <summary>The record's offset in its partition.</summary>
    public long Offset { get; }

    /// <summary>Whether the field has a value.</summary>
    public bool Has(int field) => (Missing & (1u << field)) == 0;
}
