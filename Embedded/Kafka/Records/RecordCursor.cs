namespace Streaming.Embedded.Kafka.Records;

/// <summary>
/// Walks over the uncompressed records of a batch without copying (kafka.apache.org/documentation, "Record"). Every length is checked against
/// what is there; after the last record <see cref="IsWellFormed"/> says whether all bytes were used.
/// </summary>
public ref struct RecordCursor
{
    private readonly ReadOnlySpan<byte> _records;
    private int _position;
    private bool _broken;
    private ReadOnlySpan<byte> _current;
    private int _afterTimestamp;
    private int _keyAt;
    private int _keyLength;

    /// <summary>Starts before the first record.</summary>
    public RecordCursor(ReadOnlySpan<byte> records) => _records = records;

    /// <summary>Offset of the current record less the batch's base offset.</summary>
    public int OffsetDelta { get; private set; }

    /// <summary>Timestamp of the current record less the batch's base timestamp, in milliseconds.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>Whether the current record has no key.</summary>
    public bool HasNullKey { get; private set; }

    /// <summary>Whether the current record has no value: it deletes its key.</summary>
    public bool HasNullValue { get; private set; }

    /// <summary>The current record's key; empty if it has none.</summary>
    public readonly ReadOnlySpan<byte> Key => _current.Slice(_keyAt, _keyLength);

    /// <summary>The current record without its length: attributes, timestamp delta, and all that follows.</summary>
    public readonly ReadOnlySpan<byte> Record => _current;

    /// <summary>The part of <see cref="Record"/> behind the timestamp delta.</summary>
    public readonly ReadOnlySpan<byte> AfterTimestamp => _current[_afterTimestamp..];

    /// <summary>No record was cut short and nothing follows the last one.</summary>
    public readonly bool IsWellFormed => !_broken && _position == _records.Length;

    /// <summary>Goes to the next record; false at the end, or where a record is malformed.</summary>
    public bool MoveNext()
    {
        if (_broken || _position >= _records.Length)
        {
            return false;
        }
        _broken = !(Varint.TryRead(_records, ref _position, out var length) && TryEnter(length));
        return !_broken;
    }

    private bool TryEnter(long length)
    {
        if (length < 1 || length > _records.Length - _position)
        {
            return false;
        }
        var record = _records.Slice(_position, (int)length);
        var at = 1; // the record's own attributes are unused
        if (!Varint.TryRead(record, ref at, out var timestampDelta))
        {
            return false;
        }
        var afterTimestamp = at;
        if (!Varint.TryRead(record, ref at, out var offsetDelta) || offsetDelta is < 0 or > int.MaxValue || !TrySkipBytes(record, ref at, out var keyLength))
        {
            return false;
        }
        var keyEnd = at;
        if (!TrySkipBytes(record, ref at, out var valueLength) || !TrySkipHeaders(record, ref at) || at != record.Length)
        {
            return false;
        }
        (TimestampDelta, OffsetDelta, HasNullKey, HasNullValue) = (timestampDelta, (int)offsetDelta, keyLength < 0, valueLength < 0);
        _current = record;
        (_afterTimestamp, _keyLength) = (afterTimestamp, Math.Max(0, keyLength));
        _keyAt = keyEnd - _keyLength;
        _position += (int)length;
        return true;
    }

    // The length is -1 where there is nothing.
    private static bool TrySkipBytes(ReadOnlySpan<byte> record, ref int at, out int length)
    {
        length = -1;
        if (!Varint.TryRead(record, ref at, out var said) || said < -1 || said > record.Length - at)
        {
            return false;
        }
        length = (int)said;
        at += Math.Max(0, length);
        return true;
    }

    private static bool TrySkipHeaders(ReadOnlySpan<byte> record, ref int at)
    {
        if (!Varint.TryRead(record, ref at, out var count) || count < 0)
        {
            return false;
        }
        for (; count > 0; count--)
        {
            if (!TrySkipBytes(record, ref at, out var keyLength) || keyLength < 0 || !TrySkipBytes(record, ref at, out _))
            {
                return false;
            }
        }
        return true;
    }
}
