using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Streaming.Contracts.Formats;

/// <summary>Text in UTF-8.</summary>
internal sealed class TextFormat() : ValueFormat("string", "text in UTF-8")
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem) =>
        TryEncode(text, out bytes, out problem);

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem) =>
        TryDecode(bytes, out text, out problem);

    /// <summary>Text as UTF-8; half a surrogate pair is no text.</summary>
    public static bool TryEncode(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            (bytes, problem) = (Strict.GetBytes(text), null);
            return true;
        }
        catch (EncoderFallbackException exception)
        {
            (bytes, problem) = (null, $"the character at position {exception.Index} is half of a surrogate pair, which has no UTF-8");
            return false;
        }
    }

    /// <summary>UTF-8 as text.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        if (Utf8.IsValid(bytes))
        {
            (text, problem) = (Encoding.UTF8.GetString(bytes), null);
            return true;
        }

        (text, problem) = (null, $"the byte at position {FirstBad(bytes)} of {bytes.Length} is no UTF-8");
        return false;
    }

    private static int FirstBad(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }

        return position;
    }
}
