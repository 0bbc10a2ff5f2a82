using System.Globalization;
using System.Text;

namespace Streaming.Cluster.Payloads;

/// <summary>
/// Makes somebody else's text harmless where it is shown: control characters (a terminal would obey them), changes of writing direction and invisible
/// line ends are written as escapes. One text stays one line.
/// </summary>
public static class SafeText
{
    /// <summary>The text with <c>\n</c>, <c>\t</c>, <c>\u001b</c>… in place of what is not to be obeyed.</summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = IndexOfUnsafe(text);
        if (first < 0)
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                Append(safe, text, ref i);
            }
            else
            {
                _ = IsUnsafe(text[i]) ? Escape(safe, text[i]) : safe.Append(text[i]);
            }
        }

        return safe.ToString();
    }

    /// <summary>The same for text that may have several lines: line ends and tabs stay.</summary>
    public static string Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => string.Join('\t', line.Split('\t').Select(OneLine))));
    }

    private static int IndexOfUnsafe(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsUnsafe(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Append(StringBuilder safe, string text, ref int i)
    {
        // Tags and other invisible characters beyond the basic plane (U+E0000…) are of the category Format as well.
        if (CharUnicodeInfo.GetUnicodeCategory(text, i) == UnicodeCategory.Format)
        {
            safe.Append(CultureInfo.InvariantCulture, $"\\U{char.ConvertToUtf32(text[i], text[++i]):x8}");
        }
        else
        {
            safe.Append(text[i]).Append(text[++i]);
        }
    }

    /// <summary>C0, DEL, C1; format characters but the joiners of emoji and scripts; line and paragraph separators; halves of pairs.</summary>
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029'
        || (c > '\u007f' && c is not ('\u200c' or '\u200d' or '\u00ad') && CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format);

    private static StringBuilder Escape(StringBuilder safe, char c) => c switch
    {
        '\n' => safe.Append("\\n"),
        '\r' => safe.Append("\\r"),
        '\t' => safe.Append("\\t"),
        _ => safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };
}
