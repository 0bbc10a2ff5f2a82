using System.Diagnostics.CodeAnalysis;
using Streaming.Contracts.Formats;

namespace Streaming.Cluster.Payloads;

/// <summary>As what bytes are read: found out from themselves, Avro by its schema in the registry, or a format by name.</summary>
public sealed class PayloadFormat
{
    /// <summary>Found out from the bytes: Avro in Confluent's wire format, JSON, text, else hexadecimal digits.</summary>
    public static readonly PayloadFormat Auto = new("auto", null);

    /// <summary>Avro in Confluent's wire format.</summary>
    public static readonly PayloadFormat Avro = new("avro", null);

    private PayloadFormat(string name, ValueFormat? value) => (Name, Value) = (name, value);

    /// <summary>The name that <see cref="TryGet"/> takes.</summary>
    public string Name { get; }

    /// <summary>The format; null for <see cref="Auto"/> and <see cref="Avro"/>.</summary>
    public ValueFormat? Value { get; }

    /// <summary>Finds a format by name.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out PayloadFormat? format, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        (format, problem) = name.Trim().ToUpperInvariant() switch
        {
            "AUTO" => (Auto, (string?)null),
            "AVRO" => (Avro, null),
            "TEXT" => (new PayloadFormat("text", ValueFormats.String), null),
            _ => ValueFormat.TryGet(name, out var value, out var unknown) ? (new PayloadFormat(value.Name, value), null) : ((PayloadFormat?)null, $"{unknown}; also auto, avro and text"),
        };
        return format is not null;
    }
}
