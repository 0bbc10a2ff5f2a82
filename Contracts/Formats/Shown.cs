namespace Streaming.Contracts.Formats;

/// <summary>Pieces of what somebody sent, for messages: short, and without characters that steer a terminal.</summary>
public static class Shown
{
    private const int Most = 60;

    /// <summary>The text in quotes, cut after 60 characters, control characters replaced.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cut = text.Length > Most ? string.Concat(text.AsSpan(0, Most), "…") : text;
        return $"'{string.Create(cut.Length, cut, Fill)}'";
    }

    private static void Fill(Span<char> target, string source)
    {
        for (var i = 0; i < source.Length; i++)
        {
            // Direction marks of Unicode can make a line read as what it is not.
            target[i] = char.IsControl(source[i]) || char.GetUnicodeCategory(source[i]) == System.Globalization.UnicodeCategory.Format ? '\uFFFD' : source[i];
        }
    }
}
