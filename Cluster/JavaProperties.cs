using System.Globalization;
using System.Text;

namespace Streaming.Cluster;

/// <summary>Reads text by the rules of Java's <c>Properties.load</c>: comments, continued lines, escapes, <c>=</c>, <c>:</c> or a blank between name and value.</summary>
internal static class JavaProperties
{
    /// <summary>Keys and values, in their order.</summary>
    /// <exception cref="ClusterException">A line cannot be used; the message has its number and never its value.</exception>
    public static IEnumerable<(string Key, string Value)> Read(string text)
    {
        var number = 0;
        var whole = new StringBuilder();
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.TrimStart(' ', '\t', '\f');
            if (whole.Length == 0 && (line.Length == 0 || line[0] is '#' or '!'))
            {
                continue;
            }

            if (EndsWithOddBackslashes(line))
            {
                whole.Append(line, 0, line.Length - 1);
                continue;
            }

            yield return Pair(whole.Append(line).ToString(), number);
            whole.Clear();
        }

        if (whole.Length > 0)
        {
            yield return Pair(whole.ToString(), number);
        }
    }

    private static bool EndsWithOddBackslashes(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static (string Key, string Value) Pair(string line, int number)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t'))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        var rest = line[end..].TrimStart(' ', '\t');
        var value = rest.Length > 0 && rest[0] is '=' or ':' ? rest[1..].TrimStart(' ', '\t') : rest;
        var key = Unescape(line[..end], number);
        return key.Length > 0 ? (key, Unescape(value, number).TrimEnd()) : throw new ClusterException(ClusterFailure.Invalid, $"Line {number} has no name before its value.");
    }

    private static string Unescape(string text, int line)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            switch (text[++i])
            {
                case 't': result.Append('\t'); break;
                case 'n': result.Append('\n'); break;
                case 'r': result.Append('\r'); break;
                case 'f': result.Append('\f'); break;
                case 'u' when i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, null, out var unit):
                    result.Append((char)unit);
                    i += 4;
                    break;
                case 'u':
                    throw new ClusterException(ClusterFailure.Invalid, $"Line {line}: \\u must be followed by four hexadecimal digits.");
                default: result.Append(text[i]); break;
            }
        }

        return result.ToString();
    }
}
