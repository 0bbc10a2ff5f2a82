using System.Text.Json;

namespace Streaming.Producer.Records;

/// <summary>Looks into JSON objects that are known to be well-formed.</summary>
public static class JsonFields
{
    /// <summary>What a field holds.</summary>
    /// <param name="Kind">Its kind; <see cref="JsonTokenType.None"/> when there is no such field.</param>
    /// <param name="Text">The text of a string, the digits of a number; null for other kinds.</param>
    public readonly record struct Field(JsonTokenType Kind, string? Text)
    {
        /// <summary>What it is, for people.</summary>
        public string Described => Kind switch
        {
            JsonTokenType.None => "missing",
            JsonTokenType.Null => "null",
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.String when Text is null => "a text with half of a surrogate pair in it",
            _ => "a value",
        };
    }

    /// <summary>A field of the outermost object; of one that comes twice, the last counts.</summary>
    public static Field Find(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json);
        var found = default(Field);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = Names(ref reader, name);
            reader.Read();
            if (isIt)
            {
                found = new Field(reader.TokenType, Text(ref reader));
            }

            reader.Skip();
        }

        return found;
    }

    /// <summary>Whether the reader stands on the name. A name with half a surrogate pair in it is none that anybody could ask for.</summary>
    private static bool Names(ref Utf8JsonReader reader, string name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text.
            return null;
        }
    }
}
