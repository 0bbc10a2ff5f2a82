using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Formats;

/// <summary><c>true</c> is one byte 1, <c>false</c> one byte 0.</summary>
internal sealed class BoolFormat() : ValueFormat("bool", "true or false in 1 byte")
{
    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (bytes, problem) = bool.TryParse(text, out var value) ? (new[] { value ? (byte)1 : (byte)0 }, (string?)null) : (null, $"{Shown.Text(text)} is neither true nor false");
        return bytes is not null;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = bytes switch
        {
            [1] => ("true", (string?)null),
            [0] => ("false", null),
            { Length: 1 } => (null, $"bool is the byte 0 or 1, this is {bytes[0]}"),
            _ => (null, $"bool has 1 byte, these are {bytes.Length}"),
        };
        return text is not null;
    }
}
