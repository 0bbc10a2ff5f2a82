using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Streaming.Contracts.Formats;

/// <summary>One JSON value (RFC 8259), checked and left as it is.</summary>
internal sealed class JsonFormat() : ValueFormat("json", "one JSON value in UTF-8")
{
    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        if (TextFormat.TryEncode(text, out bytes, out problem) && (problem = JsonCheck.Problem(bytes)) is not null)
        {
            bytes = null;
        }

        return bytes is not null;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        problem = JsonCheck.Problem(bytes);
        text = problem is null ? Encoding.UTF8.GetString(bytes) : null;
        return text is not null;
    }
}

/// <summary>Whether bytes are one JSON value.</summary>
public static class JsonCheck
{
    /// <summary>Objects and arrays inside each other at most, which is what readers of JSON commonly take.</summary>
    public const int Deepest = 64;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = Deepest };

    /// <summary>Null when the bytes are exactly one JSON value in UTF-8, at most <see cref="Deepest"/> deep; else what is wrong, without a full stop.</summary>
    public static string? Problem(ReadOnlySpan<byte> utf8)
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return TextFormat.TryDecode(utf8, out _, out var problem) ? null : $"no JSON: {problem}";
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, Strict);
            while (reader.Read())
            {
                // Reading to the end is the check.
            }

            return null;
        }
        catch (JsonException exception)
        {
            return Describe(exception);
        }
    }

    /// <summary>The reader's own message repeats the position in words of its own, and may repeat what was sent.</summary>
    private static string Describe(JsonException exception) =>
        $"no JSON: wrong at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
}
