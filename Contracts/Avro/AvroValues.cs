namespace Streaming.Contracts.Avro;

/// <summary>A record's values in the order of its fields.</summary>
/// <param name="Schema">The record.</param>
/// <param name="Values">One value for each field, as <see cref="AvroDecoder"/> gives them.</param>
public sealed record AvroRecordValue(AvroRecord Schema, IReadOnlyList<object?> Values)
{
    /// <summary>The value of a field.</summary>
    /// <exception cref="KeyNotFoundException">There is no such field.</exception>
    public object? this[string field] => Values[(Schema.Field(field) ?? throw new KeyNotFoundException($"{Schema.FullName} has no field '{field}'")).Position];

    /// <summary>Equal when the name and all values are.</summary>
    public bool Equals(AvroRecordValue? other) =>
        other is not null && Schema.FullName == other.Schema.FullName && Values.Count == other.Values.Count
        && Values.Zip(other.Values).All(pair => AvroValue.AreEqual(pair.First, pair.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Schema.FullName, Values.Count);
}

/// <summary>A symbol of an enum.</summary>
/// <param name="Schema">The enum.</param>
/// <param name="Symbol">One of its symbols.</param>
public sealed record AvroSymbol(AvroEnumeration Schema, string Symbol)
{
    /// <summary>Equal when the name and the symbol are.</summary>
    public bool Equals(AvroSymbol? other) => other is not null && Schema.FullName == other.Schema.FullName && Symbol == other.Symbol;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Schema.FullName, Symbol);
}

/// <summary>The bytes of a fixed.</summary>
/// <param name="Schema">The fixed.</param>
/// <param name="Bytes">As many as it says.</param>
public sealed record AvroFixedValue(AvroFixed Schema, byte[] Bytes)
{
    /// <summary>Equal when the name and the bytes are.</summary>
    public bool Equals(AvroFixedValue? other) => other is not null && Schema.FullName == other.Schema.FullName && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Schema.FullName, Bytes.Length);
}

/// <summary>Values of any schema.</summary>
public static class AvroValue
{
    /// <summary>Whether two values, as <see cref="AvroDecoder"/> gives them, are the same. NaN is equal to NaN.</summary>
    public static bool AreEqual(object? one, object? other) => (one, other) switch
    {
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) =>
            a.Count == b.Count && a.All(item => b.TryGetValue(item.Key, out var value) && AreEqual(item.Value, value)),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        _ => Equals(one, other),
    };
}
