namespace Streaming.Cluster.Payloads;

/// <summary>As what a key, a value or a header was read.</summary>
public enum PayloadKind
{
    /// <summary>There is none: of a value of a compacted topic, a deletion.</summary>
    Null,

    /// <summary>No byte.</summary>
    Empty,

    /// <summary>UTF-8 text without control characters but line ends and tabs.</summary>
    Text,

    /// <summary>One JSON value.</summary>
    Json,

    /// <summary>Avro in Confluent's wire format, as JSON.</summary>
    Avro,

    /// <summary>A format that was asked for, as its text.</summary>
    Asked,

    /// <summary>Bytes as hexadecimal digits.</summary>
    Hex,
}

/// <summary>Bytes as text for people. The text may hold any character: show it through <see cref="SafeText"/>.</summary>
/// <param name="Note">What else is to be said, such as which schema it was or why it is not what was asked for; null for nothing.</param>
public sealed record PayloadText(PayloadKind Kind, string Text, string? Note = null)
{
    /// <summary>Whether the text is one JSON value.</summary>
    public bool IsJson => Kind is PayloadKind.Json or PayloadKind.Avro;
}
