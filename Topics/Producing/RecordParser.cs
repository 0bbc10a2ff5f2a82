using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Streaming.Contracts.Formats;

namespace Streaming.Topics.Producing;

/// <summary>Turns text into the bytes of a key or a value.</summary>
internal interface IPayloadWriter
{
    bool TryWrite(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem);
}

/// <summary>Writes by a format.</summary>
internal sealed class FormatWriter(ValueFormat format) : IPayloadWriter
{
    public bool TryWrite(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem) => format.TryParse(text, out bytes, out problem);
}

/// <summary>A record's key and value; null for none.</summary>
internal readonly record struct ParsedRecord(byte[]? Key, byte[]? Value);

/// <summary>Makes a record out of a line: the key before the separator, the value after it.</summary>
/// <param name="separator">Null when lines have no keys.</param>
/// <param name="nullMarker">A key or value that is exactly this is null; null when none is.</param>
internal sealed class RecordParser(IPayloadWriter key, IPayloadWriter value, string? separator, string? nullMarker)
{
    /// <summary>Reads one line.</summary>
    /// <param name="problem">What is wrong with the line: a sentence without a full stop.</param>
    public bool TryParse(ReadOnlySpan<byte> line, out ParsedRecord record, [NotNullWhen(false)] out string? problem)
    {
        record = default;
        if (!Utf8.IsValid(line))
        {
            problem = "it is no UTF-8; bytes can be written with --value-format hex or base64";
            return false;
        }

        var text = Encoding.UTF8.GetString(line);
        var (keyText, valueText) = ((string?)null, text);
        if (separator is not null)
        {
            var cut = text.IndexOf(separator, StringComparison.Ordinal);
            if (cut < 0)
            {
                problem = $"there is no separator '{separator}' in it";
                return false;
            }

            (keyText, valueText) = (text[..cut], text[(cut + separator.Length)..]);
        }

        if (!TryWrite(key, keyText, out var keyBytes, out problem))
        {
            problem = $"key: {problem}";
            return false;
        }

        if (!TryWrite(value, valueText, out var valueBytes, out problem))
        {
            problem = $"value: {problem}";
            return false;
        }

        record = new ParsedRecord(keyBytes, valueBytes);
        return true;
    }

    private bool TryWrite(IPayloadWriter writer, string? text, out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        (bytes, problem) = (null, null);
        return text is null || text == nullMarker || writer.TryWrite(text, out bytes, out problem);
    }
}
