using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Streaming.Dashboard.Api;

/// <summary>Where the next page begins: the sort key of the last item, opaque to callers.</summary>
/// <param name="First">Its instant, ticks UTC.</param>
/// <param name="Second">Its second number.</param>
/// <param name="Text">Its texts, in their order.</param>
internal sealed record PageCursor(long First, long Second, IReadOnlyList<string> Text)
{
    /// <summary>As text for a URL.</summary>
    public string Encode() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Reads a cursor with so many texts; null for none.</summary>
    /// <exception cref="ApiException">It was not made here.</exception>
    public static PageCursor? Parse(string? text, int texts)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            if (text.Length <= 8192 && JsonSerializer.Deserialize<PageCursor>(Base64Url.DecodeFromChars(text)) is { Text: not null } cursor
                && cursor.Text.Count == texts && cursor.Text.All(t => t is not null && !t.Contains('\0', StringComparison.Ordinal))
                && IsInstant(cursor.First) && IsInstant(cursor.Second))
            {
                return cursor;
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or DecoderFallbackException)
        {
            // Said below.
        }

        throw ApiException.BadParameter("cursor", text, "the 'next' of a former page");
    }

    private static bool IsInstant(long ticks) => ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
}
