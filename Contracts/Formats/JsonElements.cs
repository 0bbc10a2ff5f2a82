using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streaming.Contracts.Formats;

/// <summary>
/// The text of lists and tuples is a JSON array. Numbers, truth values and what is made of others stand in it as they are, everything else as a JSON string; null is
/// an element that is not there.
/// </summary>
internal static class JsonElements
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The texts of an array's elements, each as its format reads it; null for null.</summary>
    public static bool TryRead(string text, Func<int, ValueFormat?> formatOf, [NotNullWhen(true)] out List<byte[]?>? elements, [NotNullWhen(false)] out string? problem)
    {
        elements = null;
        if (!TextFormat.TryEncode(text, out var utf8, out problem) || (problem = JsonCheck.Problem(utf8)) is not null)
        {
            return false;
        }

        using var document = JsonDocument.Parse(utf8);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            problem = $"{Shown.Text(text)} is no JSON array";
            return false;
        }

        List<byte[]?> read = [];
        foreach (var element in document.RootElement.EnumerateArray())
        {
            if (!TryReadOne(element, formatOf(read.Count), out var bytes, out problem))
            {
                problem = $"element {read.Count}: {problem}";
                return false;
            }

            read.Add(bytes);
        }

        elements = read;
        return true;
    }

    /// <summary>The array of elements.</summary>
    public static bool TryWrite(List<byte[]?> elements, Func<int, ValueFormat> formatOf, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartArray();
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i] is not { } bytes)
            {
                json.WriteNullValue();
                continue;
            }

            var format = formatOf(i);
            if (!format.TryRender(bytes, out var rendered, out problem))
            {
                (text, problem) = (null, $"element {i}: {problem}");
                return false;
            }

            WriteOne(json, format, rendered);
        }

        json.WriteEndArray();
        json.Flush();
        (text, problem) = (Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)), null);
        return true;
    }

    private static bool TryReadOne(JsonElement element, ValueFormat? format, out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        (bytes, problem) = (null, null);
        if (format is null)
        {
            problem = "there is one element too many";
            return false;
        }

        if (element.ValueKind == JsonValueKind.Null && format is not JsonFormat)
        {
            return true;
        }

        if (element.ValueKind is JsonValueKind.Array or JsonValueKind.Object && !StandsAsItIs(format))
        {
            problem = $"{Shown.Text(element.GetRawText())} is not {format.Summary}";
            return false;
        }

        return TryText(element, format, out var text, out problem) && format.TryParse(text, out bytes, out problem);
    }

    private static bool TryText(JsonElement element, ValueFormat format, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            (text, problem) = (element.ValueKind == JsonValueKind.String && format is not JsonFormat ? element.GetString()! : element.GetRawText(), null);
            return true;
        }
        catch (InvalidOperationException)
        {
            (text, problem) = (null, "the text has half of a surrogate pair in it, which has no UTF-8");
            return false;
        }
    }

    private static void WriteOne(Utf8JsonWriter json, ValueFormat format, string text)
    {
        // NaN and the infinities have no JSON number.
        if (StandsAsItIs(format) || (IsNumber(format) && JsonCheck.Problem(Encoding.UTF8.GetBytes(text)) is null))
        {
            json.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    private static bool StandsAsItIs(ValueFormat format) => format is JsonFormat or ListFormat or TupleFormat or BoolFormat;

    private static bool IsNumber(ValueFormat format) => format.FixedLength is not null and not UuidFormat.Characters;
}
