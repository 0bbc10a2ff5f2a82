namespace Streaming.Contracts.Measures;

/// <summary>
/// All that a plan measures of a window besides <see cref="BasicMeasures"/>. Whatever the order and grouping in which events are added and states merged,
/// equal events give equal <see cref="Encode"/>d bytes. Not safe for several threads.
/// </summary>
public sealed class MeasureState
{
    private const byte FormatVersion = 1;

    private readonly StateLayout _layout;
    private readonly StatePart[] _parts;

    /// <summary>The state of no events, which changes nothing in a merge.</summary>
    public MeasureState(MeasurePlan plan)
        : this(plan.Layout, [.. Array.ConvertAll(plan.Layout.Parts.ToArray(), StatePart.Create)])
    {
    }

    private MeasureState(StateLayout layout, StatePart[] parts)
    {
        _layout = layout;
        _parts = parts;
    }

    /// <summary>About how much memory this takes, in bytes, to within a few dozen.</summary>
    public int ApproximateBytes
    {
        get
        {
            int bytes = 48 + (8 * _parts.Length);
            foreach (StatePart part in _parts)
            {
                bytes += part.ApproximateBytes;
            }

            return bytes;
        }
    }

    /// <summary>Adds an event. Allocates only when a sketch meets a value of a size that it has not seen, and ever more rarely.</summary>
    public void Add(in EventValues e)
    {
        ReadOnlySpan<PartSpec> specs = _layout.Parts;
        StatePart[] parts = _parts;
        for (int i = 0; i < parts.Length; i++)
        {
            int field = specs[i].Field;
            if (e.Has(field))
            {
                parts[i].Add(e.Values[field], e);
            }
        }
    }

    /// <summary>Takes in what the other has measured; the other is left as it is.</summary>
    /// <exception cref="ArgumentException">The other is of a plan with other parts.</exception>
    public void Merge(MeasureState other)
    {
        if (!_layout.Parts.SequenceEqual(other._layout.Parts))
        {
            throw new ArgumentException("The state is of another plan.", nameof(other));
        }

        for (int i = 0; i < _parts.Length; i++)
        {
            _parts[i].Merge(other._parts[i]);
        }
    }

    /// <summary>A copy that goes its own way.</summary>
    public MeasureState Clone() => new(_layout, Array.ConvertAll(_parts, part => part.Clone()));

    /// <summary>
    /// The state as bytes: format version (1 byte), mark of the layout (4 bytes, little endian), then each part. Canonical: equal states have equal
    /// bytes.
    /// </summary>
    public byte[] Encode()
    {
        var writer = new StateWriter();
        writer.Byte(FormatVersion);
        writer.Mark(_layout.Mark);
        foreach (StatePart part in _parts)
        {
            part.Write(writer);
        }

        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote. The memory taken is bounded by a small multiple of the bytes given.</summary>
    /// <exception cref="MeasureStateException">The bytes are no state of this plan in its canonical form.</exception>
    public static MeasureState Decode(MeasurePlan plan, ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        byte version = reader.Byte();
        StateReader.Demand(version == FormatVersion, "it has another format version");
        StateReader.Demand(reader.Mark() == plan.Layout.Mark, "it is of another plan");
        var state = new MeasureState(plan);
        foreach (StatePart part in state._parts)
        {
            part.Read(ref reader);
        }

        StateReader.Demand(reader.IsAtEnd, "bytes follow its end");
        return state;
    }

    /// <summary>The part of this kind over the field, or null.</summary>
    internal T? Part<T>(PartKind kind, int field)
        where T : StatePart
    {
        int index = _layout.IndexOf(kind, field);
        return index < 0 ? null : (T)_parts[index];
    }
}
