using System.Text;
using System.Text.Unicode;
using Streaming.Contracts.Measures;

namespace Streaming.Aggregator.Pipelines;

/// <summary>
/// Reads records into what windows need: key, time, values. An instance holds the last event's key and values, and is used by one thread; reading
/// allocates nothing by itself.
/// </summary>
public abstract class EventReader
{
    /// <summary>Longest group key, in UTF-8 bytes: PostgreSQL's index entries must hold it.</summary>
    public const int MaxKeyBytes = 1024;

    private byte[] _keyBuffer = new byte[64];
    private byte[]? _recordKey;
    private int _keyLength;

    private protected EventReader(int fields) => Values = new long[fields];

    /// <summary>UTF-8 bytes of what the last event is grouped by.</summary>
    public ReadOnlySpan<byte> Key => _recordKey ?? _keyBuffer.AsSpan(0, _keyLength);

    /// <summary>When the last event happened, milliseconds since the Unix epoch.</summary>
    public long EventTimeMs { get; private protected set; }

    private protected long[] Values { get; }

    private protected uint Missing { get; set; }

    /// <summary>The last event's values.</summary>
    /// <param name="offset">Its record's offset.</param>
    public EventValues ValuesAt(long offset) => new(Values, Missing, EventTimeMs, offset);

    /// <summary>The last event's values, null where it lacks one.</summary>
    public long?[] CopyValues()
    {
        var values = new long?[Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (Missing & (1u << i)) == 0 ? Values[i] : null;
        }

        return values;
    }

    /// <summary>Reads one record.</summary>
    public abstract Decoding Read(in RecordBytes record);

    private protected Decoding TakeRecordKey(byte[]? key)
    {
        _recordKey = key;
        return key is null ? Decoding.Rejected("no-key", "the record has no key, and the pipeline groups by it") : CheckKey(key);
    }

    private protected Decoding TakeKey(ReadOnlySpan<byte> key)
    {
        if (key.Length > MaxKeyBytes)
        {
            return TooLong(key.Length);
        }

        Reserve(key.Length);
        key.CopyTo(_keyBuffer);
        (_recordKey, _keyLength) = (null, key.Length);
        return CheckKey(key);
    }

    private protected Decoding TakeKey(string? key)
    {
        if (key is null)
        {
            return Decoding.Rejected("no-key", "the event has no value to group by");
        }

        if (key.Length > MaxKeyBytes)
        {
            return TooLong(key.Length);
        }

        Reserve(Encoding.UTF8.GetMaxByteCount(key.Length));
        (_recordKey, _keyLength) = (null, Encoding.UTF8.GetBytes(key, _keyBuffer));
        return CheckKey(_keyBuffer.AsSpan(0, _keyLength));
    }

    // PostgreSQL's text holds neither other bytes than UTF-8 nor U+0000.
    private static Decoding CheckKey(ReadOnlySpan<byte> key) =>
        key.Length is 0 ? Decoding.Rejected("empty-key", "the key is empty")
        : key.Length > MaxKeyBytes ? TooLong(key.Length)
        : !Utf8.IsValid(key) || key.Contains((byte)0) ? Decoding.Rejected("bad-key", "the key is not text: no UTF-8, or with U+0000 in it")
        : Decoding.Taken;

    private static Decoding TooLong(int length) => Decoding.Rejected("long-key", $"the key has {length} bytes; at most {MaxKeyBytes} are taken");

    private void Reserve(int length)
    {
        if (_keyBuffer.Length < length)
        {
            _keyBuffer = new byte[length * 2];
        }
    }
}
