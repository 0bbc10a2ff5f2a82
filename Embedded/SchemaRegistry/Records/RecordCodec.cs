using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streaming.Contracts.Avro;

namespace Streaming.Embedded.SchemaRegistry.Records;

/// <summary>
/// Records of the topic <c>_schemas</c> as Confluent's registry writes them: JSON keys such as
/// <c>{"keytype":"SCHEMA","subject":"sales-value","version":1,"magic":1}</c>, values such as
/// <c>{"subject":"sales-value","version":1,"id":1,"schema":"…","deleted":false}</c>. The order of a key's members matters: compaction compares bytes.
/// </summary>
internal static class RecordCodec
{
    private const string SchemaKey = "SCHEMA";
    private const string ConfigKey = "CONFIG";
    private const string DeleteSubjectKey = "DELETE_SUBJECT";

    /// <summary>Ours: Confluent's registry passes over records under such a key, whatever their value.</summary>
    private const string NoopKey = "NOOP";

    private const string AvroWord = "AVRO";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A record's key and value.</summary>
    public static (byte[] Key, byte[]? Value) Encode(RegistryRecord record) => record switch
    {
        RegistryRecord.Schema(var version) => (KeyOf(version.Subject, version.Version), ValueOf(version)),
        RegistryRecord.SchemaGone(var subject, var version) => (KeyOf(subject, version), null),
        RegistryRecord.SubjectDeleted(var subject, var version) => (KeyOf(DeleteSubjectKey, subject), Json(json =>
        {
            json.WriteString("subject"u8, subject);
            json.WriteNumber("version"u8, version);
        })),
        RegistryRecord.SubjectDeletedGone(var subject) => (KeyOf(DeleteSubjectKey, subject), null),
        RegistryRecord.Level(var subject, var level) => (KeyOf(ConfigKey, subject), level is null ? null : Json(json => json.WriteString("compatibilityLevel"u8, Levels.Word(level.Value)))),
        RegistryRecord.LastId(var id) => (Json(json =>
        {
            json.WriteString("keytype"u8, NoopKey);
            json.WriteNumber("magic"u8, 0);
        }), Json(json => json.WriteNumber("lastId"u8, id))),
        _ => throw new ArgumentOutOfRangeException(nameof(record), record, "not a record that is written"),
    };

    /// <summary>What a record says.</summary>
    /// <exception cref="JsonException">It is none of a registry's.</exception>
    public static RegistryRecord Decode(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        try
        {
            var keyReader = new Utf8JsonReader(key);
            using var keyJson = JsonDocument.ParseValue(ref keyReader);
            var kind = Text(keyJson.RootElement, "keytype") ?? throw new JsonException("the key has no keytype");
            if (value.IsEmpty)
            {
                return Gone(kind, keyJson.RootElement);
            }

            var valueReader = new Utf8JsonReader(value);
            using var valueJson = JsonDocument.ParseValue(ref valueReader);
            return Said(kind, keyJson.RootElement, valueJson.RootElement);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new JsonException($"a member is missing or of another type: {e.Message}", e);
        }
    }

    private static RegistryRecord Gone(string kind, JsonElement key) => kind switch
    {
        SchemaKey => new RegistryRecord.SchemaGone(Required(key, "subject"), key.GetProperty("version").GetInt32()),
        ConfigKey => new RegistryRecord.Level(Text(key, "subject"), null),
        DeleteSubjectKey => new RegistryRecord.SubjectDeletedGone(Required(key, "subject")),
        _ => new RegistryRecord.Other(kind),
    };

    private static RegistryRecord Said(string kind, JsonElement key, JsonElement value) => kind switch
    {
        SchemaKey => new RegistryRecord.Schema(new SchemaVersion(
            Required(key, "subject"), key.GetProperty("version").GetInt32(), value.GetProperty("id").GetInt32(), Text(value, "schemaType") ?? AvroWord, Required(value, "schema"),
            value.TryGetProperty("references", out var references) && references is { ValueKind: JsonValueKind.Array } && references.GetArrayLength() > 0 ? references.GetRawText() : null,
            value.TryGetProperty("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.True)),
        ConfigKey => Text(value, "compatibilityLevel") is { } word && Levels.Find(word) is { } level
            ? new RegistryRecord.Level(Text(key, "subject"), level)
            : new RegistryRecord.Other($"{ConfigKey} with a level that is not supported"),
        DeleteSubjectKey => new RegistryRecord.SubjectDeleted(Required(key, "subject"), value.GetProperty("version").GetInt32()),
        NoopKey when value.TryGetProperty("lastId", out var id) => new RegistryRecord.LastId(id.GetInt32()),
        _ => new RegistryRecord.Other(kind),
    };

    private static byte[] KeyOf(string subject, int version) => Json(json =>
    {
        json.WriteString("keytype"u8, SchemaKey);
        json.WriteString("subject"u8, subject);
        json.WriteNumber("version"u8, version);
        json.WriteNumber("magic"u8, 1);
    });

    private static byte[] KeyOf(string kind, string? subject) => Json(json =>
    {
        json.WriteString("keytype"u8, kind);
        json.WriteString("subject"u8, subject);
        json.WriteNumber("magic"u8, 0);
    });

    private static byte[] ValueOf(SchemaVersion version) => Json(json =>
    {
        json.WriteString("subject"u8, version.Subject);
        json.WriteNumber("version"u8, version.Version);
        json.WriteNumber("id"u8, version.Id);
        if (version.Type != AvroWord)
        {
            json.WriteString("schemaType"u8, version.Type);
        }

        if (version.References is { } references)
        {
            json.WritePropertyName("references"u8);
            json.WriteRawValue(references);
        }

        json.WriteString("schema"u8, version.Text);
        json.WriteBoolean("deleted"u8, version.IsDeleted);
    });

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Required(JsonElement json, string name) => Text(json, name) ?? throw new JsonException($"there is no '{name}'");

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}
