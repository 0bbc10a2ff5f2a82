using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streaming.Contracts.Avro;

/// <summary>
/// Values of any schema as JSON, in the specification's JSON encoding: bytes and fixed as texts of the characters U+0000 to U+00FF, a union's value as
/// <c>{"branch": value}</c> or null. NaN and the infinities, which JSON does not have, are written as texts.
/// </summary>
public static class AvroJson
{
    /// <summary>The longest JSON that is made, in bytes: long names of fields can stand for few bytes of data.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The value's JSON, on one line.</summary>
    /// <param name="writer">The schema that it was written with.</param>
    /// <param name="data">Its bytes, without the wire format's head.</param>
    /// <exception cref="AvroDataException">The bytes are no value of the schema, or one of more than <see cref="MaxLength"/> bytes of JSON.</exception>
    public static string ToJson(AvroSchema writer, ReadOnlySpan<byte> data)
    {
        var buffer = new ArrayBufferWriter<byte>(data.Length + 256);
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = AvroSchema.MaxDepth * 3 };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            var reader = new AvroReader(data);
            Write(ref reader, writer, json, 0);
            reader.End();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(ref AvroReader reader, AvroSchema schema, Utf8JsonWriter json, int depth)
    {
        reader.Enter(depth);
        if (json.BytesCommitted + json.BytesPending > MaxLength)
        {
            throw new AvroDataException($"its JSON would be longer than {MaxLength} bytes");
        }

        switch (schema)
        {
            case AvroRecord record:
                json.WriteStartObject();
                foreach (var field in record.Fields)
                {
                    json.WritePropertyName(field.Name);
                    Write(ref reader, field.Schema, json, depth + 1);
                }

                json.WriteEndObject();
                break;
            case AvroEnumeration symbols:
                json.WriteStringValue(symbols.Symbols[reader.Index(symbols.Symbols.Count)]);
                break;
            case AvroFixed size:
                json.WriteStringValue(Encoding.Latin1.GetString(reader.Take(size.Size)));
                break;
            case AvroArray array:
                json.WriteStartArray();
                WriteBlocks(ref reader, array.Items, hasKeys: false, json, depth);
                json.WriteEndArray();
                break;
            case AvroMap map:
                json.WriteStartObject();
                WriteBlocks(ref reader, map.Values, hasKeys: true, json, depth);
                json.WriteEndObject();
                break;
            case AvroUnion union:
                WriteBranch(ref reader, union, json, depth);
                break;
            default:
                WritePrimitive(ref reader, schema.Type, json);
                break;
        }
    }

    private static void WriteBlocks(ref AvroReader reader, AvroSchema items, bool hasKeys, Utf8JsonWriter json, int depth)
    {
        for (var count = reader.Block(out _); count > 0; count = reader.Block(out _))
        {
            for (; count > 0; count--)
            {
                if (hasKeys)
                {
                    json.WritePropertyName(reader.Text());
                }

                Write(ref reader, items, json, depth + 1);
            }
        }
    }

    private static void WriteBranch(ref AvroReader reader, AvroUnion union, Utf8JsonWriter json, int depth)
    {
        var branch = union.Branches[reader.Index(union.Branches.Count)];
        if (branch.Type == AvroType.Null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName(branch.BranchName);
        Write(ref reader, branch, json, depth + 1);
        json.WriteEndObject();
    }

    private static void WritePrimitive(ref AvroReader reader, AvroType type, Utf8JsonWriter json)
    {
        switch (type)
        {
            case AvroType.Null:
                json.WriteNullValue();
                break;
            case AvroType.Boolean:
                json.WriteBooleanValue(reader.Boolean());
                break;
            case AvroType.Int:
                json.WriteNumberValue(reader.Int());
                break;
            case AvroType.Long:
                json.WriteNumberValue(reader.Long());
                break;
            case AvroType.Float:
                WriteNumber(reader.Float(), json);
                break;
            case AvroType.Double:
                WriteNumber(reader.Double(), json);
                break;
            case AvroType.Bytes:
                json.WriteStringValue(Encoding.Latin1.GetString(reader.Bytes()));
                break;
            case AvroType.String:
                json.WriteStringValue(reader.Text());
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "not a primitive");
        }
    }

    private static void WriteNumber(float number, Utf8JsonWriter json)
    {
        if (float.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            WriteNumber((double)number, json);
        }
    }

    private static void WriteNumber(double number, Utf8JsonWriter json)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }
}
