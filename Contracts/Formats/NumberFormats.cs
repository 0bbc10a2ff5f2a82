// The formats are named after the types that Kafka users know them by.
#pragma warning disable CA1720

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Streaming.Contracts.Formats;

/// <summary>Numbers of fixed length, most significant byte first, as Java's DataOutput writes them.</summary>
internal static class NumberFormats
{
    public static readonly ValueFormat Int16 = new NumberFormat<short>(
        "int16", "a whole number in 2 bytes", sizeof(short), NumberStyles.AllowLeadingSign, BinaryPrimitives.WriteInt16BigEndian, BinaryPrimitives.ReadInt16BigEndian);

    public static readonly ValueFormat Int32 = new NumberFormat<int>(
        "int32", "a whole number in 4 bytes", sizeof(int), NumberStyles.AllowLeadingSign, BinaryPrimitives.WriteInt32BigEndian, BinaryPrimitives.ReadInt32BigEndian);

    public static readonly ValueFormat Int64 = new NumberFormat<long>(
        "int64", "a whole number in 8 bytes", sizeof(long), NumberStyles.AllowLeadingSign, BinaryPrimitives.WriteInt64BigEndian, BinaryPrimitives.ReadInt64BigEndian);

    public static readonly ValueFormat Float = new NumberFormat<float>(
        "float", "a number of IEEE 754 in 4 bytes", sizeof(float), NumberStyles.Float, WriteFloat, BinaryPrimitives.ReadSingleBigEndian);

    public static readonly ValueFormat Double = new NumberFormat<double>(
        "double", "a number of IEEE 754 in 8 bytes", sizeof(double), NumberStyles.Float, WriteDouble, BinaryPrimitives.ReadDoubleBigEndian);

    // NaN has many bit patterns; this is Java's, .NET's own has the sign set.
    private static void WriteFloat(Span<byte> target, float value) =>
        BinaryPrimitives.WriteInt32BigEndian(target, float.IsNaN(value) ? 0x7fc00000 : BitConverter.SingleToInt32Bits(value));

    private static void WriteDouble(Span<byte> target, double value) =>
        BinaryPrimitives.WriteInt64BigEndian(target, double.IsNaN(value) ? 0x7ff80000_00000000 : BitConverter.DoubleToInt64Bits(value));

    private delegate void Write<T>(Span<byte> target, T value);

    private delegate T Read<T>(ReadOnlySpan<byte> source);

    /// <summary>
    /// Text is in the invariant culture, the shortest that reads back as the same number; <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> for what is no
    /// finite number. A finite number that is too large is refused instead of becoming infinite.
    /// </summary>
    private sealed class NumberFormat<T>(string name, string summary, int length, NumberStyles styles, Write<T> write, Read<T> read) : ValueFormat(name, summary)
        where T : struct, INumber<T>
    {
        internal override int? FixedLength => length;

        public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
        {
            ArgumentNullException.ThrowIfNull(text);
            var trimmed = text.AsSpan().Trim();
            if (!T.TryParse(trimmed, styles, CultureInfo.InvariantCulture, out var number) || (T.IsInfinity(number) && trimmed.ContainsAnyInRange('0', '9')))
            {
                (bytes, problem) = (null, $"{Shown.Text(text)} is not {Summary} ({Name})");
                return false;
            }

            (bytes, problem) = (new byte[length], null);
            write(bytes, number);
            return true;
        }

        public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
        {
            (text, problem) = bytes.Length == length
                ? (read(bytes).ToString(null, CultureInfo.InvariantCulture), (string?)null)
                : (null, $"{Name} has {length} bytes, these are {bytes.Length}");
            return text is not null;
        }
    }
}
