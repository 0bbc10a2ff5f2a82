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

    /// <summary>Starts before the first record.</summary>
    public RecordCursor(ReadOnlySpan<byte> records) => _records = records;

    /// <summary>Offset of the current record less the batch's base offset.</summary>
    public int OffsetDelta { get; private set; }

    /// <summary>Timestamp of the current record less the batch's base timestamp, in milliseconds.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>Whether the current record has no key.</summary>
    public bool HasNullKey { get; private set; }

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
        if (!Varint.TryRead(record, ref at, out var timestampDelta) || !Varint.TryRead(record, ref at, out var offsetDelta)
            || !TrySkipBytes(record, ref at, out var hasNullKey) || !TrySkipBytes(record, ref at, out _) || !TrySkipHeaders(record, ref at)
            || at != record.Length || offsetDelta is < 0 or > int.MaxValue)
        {
            return false;
        }
        (TimestampDelta, OffsetDelta, HasNullKey) = (timestampDelta, (int)offsetDelta, hasNullKey);
        _position += (int)length;
        return true;
    }

    private static bool TrySkipBytes(ReadOnlySpan<byte> record, ref int at, out bool isNull)
    {
        isNull = false;
        if (!Varint.TryRead(record, ref at, out var length) || length < -1 || length > record.Length - at)
        {
            return false;
        }
        isNull = length == -1;
        at += isNull ? 0 : (int)length;
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
            if (!TrySkipBytes(record, ref at, out var nullKey) || nullKey || !TrySkipBytes(record, ref at, out _))
            {
                return false;
            }
        }
        return true;
    }
}
