namespace Streaming.Embedded.Kafka.Records;

/// <summary>Protocol Buffers' zigzag varints, which records use for every number.</summary>
public static class Varint
{
    /// <summary>Reads one from <paramref name="position"/> and moves it on; false when the bytes end early or it is longer than ten bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        ulong raw = 0;
        var shift = 0;
        while ((uint)position < (uint)bytes.Length && shift < 70)
        {
            var b = bytes[position++];
            raw |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
            shift += 7;
        }
        value = 0;
        return false;
    }

    /// <summary>Writes <paramref name="value"/> at the start of <paramref name="to"/>, which has room for ten bytes; gives the number of bytes used.</summary>
    public static int Write(Span<byte> to, long value)
    {
        var raw = (ulong)(value << 1) ^ (ulong)(value >> 63);
        var count = 0;
        for (; raw >= 0x80; raw >>= 7)
        {
            to[count++] = (byte)(raw | 0x80);
        }
        to[count++] = (byte)raw;
        return count;
    }
}
