using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streaming.Contracts.Formats;
using Streaming.Producer.Records;

namespace Streaming.Producer.Import.Events;

/// <summary>An event as it is sent.</summary>
/// <param name="Key">The record's key; null for none.</param>
/// <param name="Value">The record's value, JSON.</param>
/// <param name="Time">When it happened, UTC.</param>
public sealed record ShapedEvent(byte[]? Key, byte[] Value, DateTimeOffset Time);

/// <summary>
/// Makes events of the input's JSON objects: renames fields, adds those that all events get and the event time, finds key and time. Without any of that an event is
/// sent byte for byte as it stands in the input. Key and time are looked for under the names that are sent.
/// </summary>
public sealed class EventShape(ImportOptions options)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly bool _changes = options.Names.Count + options.Constants.Count > 0 || options.TimeOut is not null;
    private readonly HashSet<string> _replaced = [.. options.Constants.Keys, .. options.TimeOut is { } field ? [field] : Array.Empty<string>()];

    /// <summary>Makes an event.</summary>
    /// <param name="json">A well-formed JSON object.</param>
    /// <param name="shaped">The event, when the answer is true.</param>
    /// <param name="problem">What it lacks, when the answer is false: a sentence without a full stop.</param>
    public bool TryShape(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ShapedEvent? shaped, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            return TryMake(json, out shaped, out problem);
        }
        catch (InvalidOperationException)
        {
            (shaped, problem) = (null, "the name of a field has half of a surrogate pair in it, which has no UTF-8");
            return false;
        }
    }

    private bool TryMake(ReadOnlySpan<byte> json, [NotNullWhen(true)] out ShapedEvent? shaped, [NotNullWhen(false)] out string? problem)
    {
        shaped = null;
        var renamed = _changes ? Rewrite(json, null) : null;
        var source = renamed is null ? json : renamed;
        if (!TryTime(source, out var time, out problem) || !TryKey(source, out var key, out problem))
        {
            return false;
        }

        var value = options.TimeOut is null ? renamed ?? json.ToArray() : Rewrite(json, time);
        shaped = new ShapedEvent(key, value, time);
        return true;
    }

    private bool TryTime(ReadOnlySpan<byte> json, out DateTimeOffset time, [NotNullWhen(false)] out string? problem)
    {
        var field = JsonFields.Find(json, options.TimeField);
        time = default;
        problem = field.Text is null ? $"the time field '{options.TimeField}' is {field.Described}" : null;
        if (problem is not null)
        {
            problem += Renamed(options.TimeField, field);
            return false;
        }

        return options.TimeFormat.TryRead(field.Text!, out time, out problem);
    }

    private bool TryKey(ReadOnlySpan<byte> json, out byte[]? key, [NotNullWhen(false)] out string? problem)
    {
        (key, problem) = (null, null);
        if (options.KeyField is not { } name)
        {
            return true;
        }

        var field = JsonFields.Find(json, name);
        var text = field.Kind switch
        {
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => field.Text,
        };
        if (text is null)
        {
            problem = $"the key field '{name}' is {field.Described}{Renamed(name, field)}";
            return false;
        }

        problem = !options.KeyFormat.TryParse(text, out key, out var wrong) ? $"the key: {wrong}" : null;
        return problem is null;
    }

    private string Renamed(string name, JsonFields.Field field) =>
        field.Kind == JsonTokenType.None && options.Names.TryGetValue(name, out var now) ? $" (it was renamed to '{now}')" : "";

    private byte[] Rewrite(ReadOnlySpan<byte> json, DateTimeOffset? time)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 128);
        using var writer = new Utf8JsonWriter(buffer, Writing);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.GetString()!;
            var name = options.Names.GetValueOrDefault(found, found);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!_replaced.Contains(name))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json[start..(int)reader.BytesConsumed], skipInputValidation: true);
            }
        }

        AddFields(writer, time);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void AddFields(Utf8JsonWriter writer, DateTimeOffset? time)
    {
        foreach (var (name, value) in options.Constants)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value);
        }

        if (time is { } instant)
        {
            writer.WriteString(options.TimeOut!, instant.UtcDateTime);
        }
    }
}
