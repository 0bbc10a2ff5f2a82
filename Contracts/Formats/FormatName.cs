using System.Diagnostics.CodeAnalysis;

namespace Streaming.Contracts.Formats;

/// <summary>Reads a format's name: <c>NAME</c>, <c>list[FORMAT]</c>, <c>tuple[FORMAT,FORMAT,…]</c>.</summary>
internal static class FormatName
{
    /// <summary>Formats inside each other at most: reading and writing values descends as deep.</summary>
    private const int Deepest = 8;

    public static bool TryRead(string name, [NotNullWhen(true)] out ValueFormat? format, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        var rest = name.AsSpan().Trim();
        format = Read(ref rest, 0);
        if (format is not null && rest.IsEmpty)
        {
            problem = null;
            return true;
        }

        format = null;
        problem = $"'{name}' is no format; there are {string.Join(", ", ValueFormats.Simple.Select(simple => simple.Name))}, list[FORMAT] and tuple[FORMAT,FORMAT], up to {Deepest} deep";
        return false;
    }

    private static ValueFormat? Read(ref ReadOnlySpan<char> rest, int depth)
    {
        var end = rest.IndexOfAny("[],");
        var word = (end < 0 ? rest : rest[..end]).Trim().ToString();
        rest = end < 0 ? [] : rest[end..];
        if (rest is not ['[', ..])
        {
            return ValueFormats.Simple.FirstOrDefault(simple => simple.Name.Equals(word, StringComparison.OrdinalIgnoreCase));
        }

        if (depth == Deepest - 1 || Elements(ref rest, depth) is not { } elements)
        {
            return null;
        }

        return word.ToUpperInvariant() switch
        {
            "LIST" when elements.Count == 1 => ValueFormats.List(elements[0]),
            "TUPLE" => ValueFormats.Tuple(elements),
            _ => null,
        };
    }

    private static List<ValueFormat>? Elements(ref ReadOnlySpan<char> rest, int depth)
    {
        List<ValueFormat> elements = [];
        do
        {
            rest = rest[1..];
            if (Read(ref rest, depth + 1) is not { } element)
            {
                return null;
            }

            elements.Add(element);
        }
        while (rest is [',', ..]);

        if (rest is not [']', ..])
        {
            return null;
        }

        rest = rest[1..].TrimStart();
        return elements;
    }
}
