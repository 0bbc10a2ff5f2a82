using System.Text.Json;

namespace Streaming.Producer.Import.Input;

/// <summary>What a cell is in JSON.</summary>
internal static class CsvCell
{
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> cell, bool isQuoted, bool isText)
    {
        var trimmed = cell.Trim(" \t"u8);
        if (isText)
        {
            json.WriteStringValue(cell);
        }
        else if (cell.IsEmpty && !isQuoted)
        {
            json.WriteNullValue();
        }
        else if (IsNumber(trimmed))
        {
            json.WriteRawValue(trimmed, skipInputValidation: true);
        }
        else if (trimmed.SequenceEqual("true"u8) || trimmed.SequenceEqual("false"u8))
        {
            json.WriteBooleanValue(trimmed.Length == "true".Length);
        }
        else
        {
            json.WriteStringValue(cell);
        }
    }

    /// <summary>Whether text is a number in JSON's sense (RFC 8259, section 6).</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        var rest = text is [(byte)'-', ..] ? text[1..] : text;
        var whole = Digits(ref rest);
        if (whole == 0 || (whole > 1 && text[^(rest.Length + whole)] == (byte)'0'))
        {
            return false;
        }

        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            if (Digits(ref rest) == 0)
            {
                return false;
            }
        }

        if (rest is [(byte)'e' or (byte)'E', ..])
        {
            rest = rest is [_, (byte)'+' or (byte)'-', ..] ? rest[2..] : rest[1..];
            return Digits(ref rest) > 0 && rest.IsEmpty;
        }

        return rest.IsEmpty;
    }

    private static int Digits(ref ReadOnlySpan<byte> rest)
    {
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        length = length < 0 ? rest.Length : length;
        rest = rest[length..];
        return length;
    }
}
