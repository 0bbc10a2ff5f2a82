namespace Streaming.Contracts.Avro;

/// <summary>
/// Reads values that were written with one schema as values of another (the specification's schema resolution): fields in another order, left out or
/// added with a default, numbers promoted, names replaced by aliases. Made once for a pair of schemas; may be shared by threads.
/// </summary>
/// <remarks>
/// Values: null; bool; int; long; float; double; <c>byte[]</c>; string; <see cref="AvroRecordValue"/>; <see cref="AvroSymbol"/>;
/// <see cref="AvroFixedValue"/>; for arrays <c>List&lt;object?&gt;</c>; for maps <c>Dictionary&lt;string, object?&gt;</c> (of a key that comes twice the last
/// counts); for unions the branch's value.
/// </remarks>
public sealed class AvroDecoder
{
    private readonly AvroReading _reading;

    /// <summary>Prepares reading.</summary>
    /// <param name="writer">What the bytes were written with.</param>
    /// <param name="reader">What the values shall be of; null for the same.</param>
    public AvroDecoder(AvroSchema writer, AvroSchema? reader = null) => _reading = new AvroResolver().Resolve(writer, reader ?? writer);

    /// <summary>Reads one value.</summary>
    /// <exception cref="AvroDataException">The bytes are no value of the writer's schema, or this value cannot be one of the reader's.</exception>
    public object? Decode(ReadOnlySpan<byte> data)
    {
        var reader = new AvroReader(data);
        var value = _reading.Read(ref reader, 0);
        reader.End();
        return value;
    }
}
