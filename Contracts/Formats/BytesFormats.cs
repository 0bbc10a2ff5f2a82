using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Formats;

/// <summary>Bytes as hexadecimal digits; spaces and colons between them are passed over, and <c>0x</c> may stand in front.</summary>
internal sealed class HexFormat() : ValueFormat("hex", "bytes, two hexadecimal digits each")
{
    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (bytes, problem) = (null, null);
        var digits = string.Concat((text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text).Where(c => c is not (' ' or ':')));
        if (digits.FirstOrDefault(c => !char.IsAsciiHexDigit(c)) is var wrong and not '\0')
        {
            problem = $"{Shown.Text(wrong.ToString())} is no hexadecimal digit";
        }
        else if (digits.Length % 2 != 0 || digits.Contains('\0', StringComparison.Ordinal))
        {
            problem = $"each byte has two hexadecimal digits, these are {digits.Length}";
        }
        else
        {
            bytes = Convert.FromHexString(digits);
        }

        return bytes is not null;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = (Convert.ToHexStringLower(bytes), null);
        return true;
    }
}

/// <summary>Bytes in base64 with padding.</summary>
internal sealed class Base64Format() : ValueFormat("base64", "bytes in base64")
{
    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        (bytes, problem) = Convert.TryFromBase64String(text, buffer, out var length)
            ? (buffer[..length], (string?)null)
            : (null, $"{Shown.Text(text)} is no base64 (letters, digits, +, / and = up to a multiple of four)");
        return bytes is not null;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = (Convert.ToBase64String(bytes), null);
        return true;
    }
}
