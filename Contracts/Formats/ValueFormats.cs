// The formats are named after the types that Kafka users know them by.
#pragma warning disable CA1720

namespace Streaming.Contracts.Formats;

/// <summary>
/// The formats. Numbers, truth values and lists are those of Kafka's own serializers (org.apache.kafka.common.serialization), so that Java's clients read what is
/// written here and the other way round.
/// </summary>
public static class ValueFormats
{
    /// <summary>Text in UTF-8 (StringSerializer).</summary>
    public static readonly ValueFormat String = new TextFormat();

    /// <summary>A whole number in 2 bytes, most significant first (ShortSerializer).</summary>
    public static readonly ValueFormat Int16 = NumberFormats.Int16;

    /// <summary>A whole number in 4 bytes, most significant first (IntegerSerializer).</summary>
    public static readonly ValueFormat Int32 = NumberFormats.Int32;

    /// <summary>A whole number in 8 bytes, most significant first (LongSerializer).</summary>
    public static readonly ValueFormat Int64 = NumberFormats.Int64;

    /// <summary>A number of IEEE 754 in 4 bytes, most significant first (FloatSerializer).</summary>
    public static readonly ValueFormat Float = NumberFormats.Float;

    /// <summary>A number of IEEE 754 in 8 bytes, most significant first (DoubleSerializer).</summary>
    public static readonly ValueFormat Double = NumberFormats.Double;

    /// <summary><c>true</c> is the byte 1, <c>false</c> the byte 0 (BooleanSerializer).</summary>
    public static readonly ValueFormat Bool = new BoolFormat();

    /// <summary>A UUID as its 36 characters (UUIDSerializer).</summary>
    public static readonly ValueFormat Uuid = new UuidFormat();

    /// <summary>One JSON value in UTF-8, unchanged.</summary>
    public static readonly ValueFormat Json = new JsonFormat();

    /// <summary>One XML document, unchanged. Document types are refused.</summary>
    public static readonly ValueFormat Xml = new XmlFormat();

    /// <summary>Bytes, written as two hexadecimal digits each.</summary>
    public static readonly ValueFormat Hex = new HexFormat();

    /// <summary>Bytes, written in base64 (RFC 4648, section 4).</summary>
    public static readonly ValueFormat Base64 = new Base64Format();

    /// <summary>Those that are not made of others.</summary>
    public static readonly IReadOnlyList<ValueFormat> Simple = [String, Int16, Int32, Int64, Float, Double, Bool, Uuid, Json, Xml, Hex, Base64];

    /// <summary>A list whose elements have one format (ListSerializer); as text a JSON array, in which an element may be null.</summary>
    public static ValueFormat List(ValueFormat element) => new ListFormat(element);

    /// <summary>A fixed number of elements, each with its own format; as text a JSON array, in which an element may be null.</summary>
    /// <exception cref="ArgumentException">There is no element.</exception>
    public static ValueFormat Tuple(params IReadOnlyList<ValueFormat> elements) => new TupleFormat(elements);
}
