namespace Streaming.Contracts;

/// <summary>What somebody may have meant who wrote a name that there is not.</summary>
public static class Spelling
{
    /// <summary>The name that takes the fewest changes of one letter, up to a third of its letters; null when none is that close.</summary>
    public static string? Closest(string written, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(written);
        return names.Select(name => (Name: name, Changes: Changes(written.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.Changes <= Math.Max(1, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Changes).Select(candidate => candidate.Name).FirstOrDefault();
    }

    /// <summary>The end of a message about the name: "; did you mean X?", or a full stop.</summary>
    public static string Hint(string written, IEnumerable<string> names) => Closest(written, names) is { } name ? $"; did you mean '{name}'?" : ".";

    /// <summary>Letters added, left out, exchanged, or swapped with their neighbour (optimal string alignment, https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance).</summary>
    private static int Changes(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                table[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[from.Length, to.Length];
    }
}
