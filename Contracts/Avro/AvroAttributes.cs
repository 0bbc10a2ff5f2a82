using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Streaming.Contracts.Avro;

/// <summary>Attributes of a schema's JSON that Avro gives no meaning.</summary>
internal static class AvroAttributes
{
    /// <summary>All but the known ones, as compact JSON.</summary>
    public static List<KeyValuePair<string, string>> Others(JsonElement json, params ReadOnlySpan<string> known)
    {
        List<KeyValuePair<string, string>> others = [];
        foreach (var property in json.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                others.Add(new(property.Name, Compact(property.Value)));
            }
        }

        return others;
    }

    /// <summary>JSON without white space.</summary>
    public static string Compact(JsonElement json)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
