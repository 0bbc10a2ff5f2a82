namespace Streaming.Contracts.Measures;

/// <summary>
/// The value of the first or the last event in event time. Of events at the same time the offset decides (in rows of several partitions two may be
/// equal), then the value: a total order, so that the answer depends on nothing else.
/// </summary>
internal sealed class EdgeValue(bool isLast) : StatePart
{
    private readonly bool _isLast = isLast;
    private bool _has;
    private long _eventTimeMs;
    private long _offset;
    private long _value;

    public override int ApproximateBytes => 48;

    /// <summary>The value, or null while there is none.</summary>
    public long? Value => _has ? _value : null;

    /// <summary>Its event's time, milliseconds since the Unix epoch, or null while there is none.</summary>
    public long? EventTimeMs => _has ? _eventTimeMs : null;

    public override void Add(long value, in EventValues e) => Offer(e.EventTimeMs, e.Offset, value);

    public override void Merge(StatePart other)
    {
        var edge = (EdgeValue)other;
        if (edge._has)
        {
            Offer(edge._eventTimeMs, edge._offset, edge._value);
        }
    }

    public override StatePart Clone() =>
        new EdgeValue(_isLast) { _has = _has, _eventTimeMs = _eventTimeMs, _offset = _offset, _value = _value };

    public override void Write(StateWriter writer)
    {
        writer.Byte(_has ? (byte)1 : (byte)0);
        if (_has)
        {
            writer.Signed(_eventTimeMs);
            writer.Signed(_offset);
            writer.Signed(_value);
        }
    }

    public override void Read(ref StateReader reader)
    {
        byte has = reader.Byte();
        StateReader.Demand(has <= 1, "its first or last value is neither there nor not");
        if (has == 1)
        {
            Offer(reader.Signed(), reader.Signed(), reader.Signed());
        }
    }

    private void Offer(long eventTimeMs, long offset, long value)
    {
        int order = eventTimeMs.CompareTo(_eventTimeMs);
        order = order != 0 ? order : offset.CompareTo(_offset);
        order = order != 0 ? order : value.CompareTo(_value);
        if (!_has || (_isLast ? order > 0 : order < 0))
        {
            (_has, _eventTimeMs, _offset, _value) = (true, eventTimeMs, offset, value);
        }
    }
}
