namespace Streaming.Contracts.Avro;

/// <summary>The text is no Avro schema. The message says where and why.</summary>
public sealed class AvroSchemaException : Exception
{
    /// <summary>Says why.</summary>
    public AvroSchemaException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came from.</summary>
    public AvroSchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serializers.</summary>
    public AvroSchemaException()
    {
    }
}

/// <summary>The bytes are no value of the schema, or the value cannot be resolved into the reader's. The message says why.</summary>
public sealed class AvroDataException : Exception
{
    /// <summary>Says why.</summary>
    public AvroDataException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came from.</summary>
    public AvroDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For serializers.</summary>
    public AvroDataException()
    {
    }
}
