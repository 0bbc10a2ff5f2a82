using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Streaming.Contracts.Formats;

/// <summary>A UUID as its 36 characters in lower case, as Java writes them.</summary>
internal sealed class UuidFormat() : ValueFormat("uuid", "a UUID as 36 characters")
{
    internal const int Characters = 36;

    internal override int? FixedLength => Characters;

    public override bool TryParse(string text, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (bytes, problem) = Guid.TryParseExact(text.Trim(), "D", out var id)
            ? (Encoding.ASCII.GetBytes(id.ToString("D")), (string?)null)
            : (null, $"{Shown.Text(text)} is no UUID such as 00000000-0000-0000-0000-000000000000");
        return bytes is not null;
    }

    public override bool TryRender(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? problem)
    {
        (text, problem) = bytes.Length == Characters && Guid.TryParseExact(Encoding.Latin1.GetString(bytes), "D", out var id)
            ? (id.ToString("D"), (string?)null)
            : (null, $"these {bytes.Length} bytes are not the 36 characters of a UUID");
        return text is not null;
    }
}
