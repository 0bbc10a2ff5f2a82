using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streaming.Contracts.Avro;

/// <summary>
/// The specification's "Parsing Canonical Form" and its fingerprints: full names, only the attributes that decide how values are written, in a fixed order,
/// no white space.
/// </summary>
public static class AvroCanonicalForm
{
    private const ulong EmptyRabin = 0xc15d213aa4d7a795;
    private static readonly ulong[] RabinTable = [.. Enumerable.Range(0, 256).Select(RabinEntry)];

    /// <summary>The canonical form of a schema.</summary>
    public static string Of(AvroSchema schema)
    {
        var text = new StringBuilder();
        Write(schema, text, []);
        return text.ToString();
    }

    /// <summary>CRC-64-AVRO, the 64-bit Rabin fingerprint of the canonical form.</summary>
    public static ulong Rabin(AvroSchema schema) =>
        Encoding.UTF8.GetBytes(Of(schema)).Aggregate(EmptyRabin, (print, next) => (print >> 8) ^ RabinTable[(byte)(print ^ next)]);

    /// <summary>The SHA-256 fingerprint of the canonical form, 32 bytes.</summary>
    public static byte[] Sha256(AvroSchema schema) => SHA256.HashData(Encoding.UTF8.GetBytes(Of(schema)));

    private static ulong RabinEntry(int index)
    {
        var entry = (ulong)index;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry >> 1) ^ (EmptyRabin & (0 - (entry & 1)));
        }

        return entry;
    }

    private static void Write(AvroSchema schema, StringBuilder text, HashSet<string> written)
    {
        if (schema is AvroNamed named && !written.Add(named.FullName))
        {
            text.Append(Quoted(named.FullName));
            return;
        }

        switch (schema)
        {
            case AvroRecord record:
                Open(record, text).Append(",\"fields\":[");
                foreach (var field in record.Fields)
                {
                    text.Append(field.Position > 0 ? "," : "").Append("{\"name\":").Append(Quoted(field.Name)).Append(",\"type\":");
                    Write(field.Schema, text, written);
                    text.Append('}');
                }

                text.Append("]}");
                break;
            case AvroEnumeration symbols:
                Open(symbols, text).Append(",\"symbols\":[").AppendJoin(',', symbols.Symbols.Select(Quoted)).Append("]}");
                break;
            case AvroFixed size:
                Open(size, text).Append(CultureInfo.InvariantCulture, $",\"size\":{size.Size}}}");
                break;
            case AvroArray array:
                text.Append("{\"type\":\"array\",\"items\":");
                Write(array.Items, text, written);
                text.Append('}');
                break;
            case AvroMap map:
                text.Append("{\"type\":\"map\",\"values\":");
                Write(map.Values, text, written);
                text.Append('}');
                break;
            case AvroUnion union:
                text.Append('[');
                for (var i = 0; i < union.Branches.Count; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    Write(union.Branches[i], text, written);
                }

                text.Append(']');
                break;
            default:
                text.Append(Quoted(AvroSchema.Word(schema.Type)));
                break;
        }
    }

    private static StringBuilder Open(AvroNamed schema, StringBuilder text) =>
        text.Append("{\"name\":").Append(Quoted(schema.FullName)).Append(",\"type\":").Append(Quoted(AvroSchema.Word(schema.Type)));

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
