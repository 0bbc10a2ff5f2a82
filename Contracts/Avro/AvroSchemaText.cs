using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streaming.Contracts.Avro;

/// <summary>Writes a schema as JSON with everything that it says: documentation, defaults, aliases and attributes that Avro gives no meaning.</summary>
internal static class AvroSchemaText
{
    public static string Of(AvroSchema schema)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = AvroSchema.MaxDepth * 4 };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            Write(schema, json, "", []);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(AvroSchema schema, Utf8JsonWriter json, string space, HashSet<string> written)
    {
        switch (schema)
        {
            case AvroNamed named when !written.Add(named.FullName):
                json.WriteStringValue(named.Namespace == space ? named.Name : named.FullName);
                break;
            case AvroNamed named:
                WriteNamed(named, json, space, written);
                break;
            case AvroUnion union:
                json.WriteStartArray();
                foreach (var branch in union.Branches)
                {
                    Write(branch, json, space, written);
                }

                json.WriteEndArray();
                break;
            case AvroPrimitive { Properties.Count: 0 }:
                json.WriteStringValue(AvroSchema.Word(schema.Type));
                break;
            default:
                WriteUnnamed(schema, json, space, written);
                break;
        }
    }

    private static void WriteUnnamed(AvroSchema schema, Utf8JsonWriter json, string space, HashSet<string> written)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, AvroSchema.Word(schema.Type));
        if (schema is AvroArray array)
        {
            json.WritePropertyName("items"u8);
            Write(array.Items, json, space, written);
        }
        else if (schema is AvroMap map)
        {
            json.WritePropertyName("values"u8);
            Write(map.Values, json, space, written);
        }

        Attributes(schema.Properties, json);
        json.WriteEndObject();
    }

    private static void WriteNamed(AvroNamed schema, Utf8JsonWriter json, string space, HashSet<string> written)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, AvroSchema.Word(schema.Type));
        json.WriteString("name"u8, schema.Name);
        if (schema.Namespace != space)
        {
            json.WriteString("namespace"u8, schema.Namespace);
        }

        Doc(schema.Doc, json);
        switch (schema)
        {
            case AvroRecord record:
                json.WriteStartArray("fields"u8);
                foreach (var field in record.Fields)
                {
                    WriteField(field, json, record.Namespace, written);
                }

                json.WriteEndArray();
                break;
            case AvroEnumeration symbols:
                Texts("symbols", symbols.Symbols, json);
                if (symbols.Default is { } fallback)
                {
                    json.WriteString("default"u8, fallback);
                }

                break;
            case AvroFixed size:
                json.WriteNumber("size"u8, size.Size);
                break;
        }

        Attributes(schema.Properties, json);
        if (schema.Aliases.Count > 0)
        {
            // An alias without a namespace would be read as one of this type's.
            Texts("aliases", [.. schema.Aliases.Select(alias => schema.Namespace.Length > 0 && !alias.Contains('.') ? $".{alias}" : alias)], json);
        }

        json.WriteEndObject();
    }

    private static void WriteField(AvroField field, Utf8JsonWriter json, string space, HashSet<string> written)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, field.Name);
        json.WritePropertyName("type"u8);
        Write(field.Schema, json, space, written);
        Doc(field.Doc, json);
        if (field.DefaultJson is { } value)
        {
            json.WritePropertyName("default"u8);
            json.WriteRawValue(value);
        }

        Attributes(field.Properties, json);
        if (field.Aliases.Count > 0)
        {
            Texts("aliases", field.Aliases, json);
        }

        json.WriteEndObject();
    }

    private static void Doc(string? doc, Utf8JsonWriter json)
    {
        if (doc is not null)
        {
            json.WriteString("doc"u8, doc);
        }
    }

    private static void Texts(string name, IReadOnlyList<string> texts, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void Attributes(IReadOnlyList<KeyValuePair<string, string>> attributes, Utf8JsonWriter json)
    {
        foreach (var (name, value) in attributes)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value);
        }
    }
}
