using System.Text;
using Streaming.Contracts.Weather;

namespace Streaming.Aggregator.Pipelines.Weather;

/// <summary>
/// Finds cities in free text: whole words, in capitals or not, with accents or without, as a tag without spaces, under any of a city's names. Of a text that
/// mentions several, the first one counts.
/// </summary>
public static class CityFinder
{
    /// <summary>Accented letters by the letter that they are read as.</summary>
    private static readonly Dictionary<char, char> Plain = new[]
    {
        ('a', "àáâãäåāăą"), ('c', "çćč"), ('d', "ďđ"), ('e', "èéêëēėęě"), ('g', "ğģ"), ('i', "ìíîïīįı"), ('l', "ĺļľł"), ('n', "ñńňņ"),
        ('o', "òóôõöøōő"), ('r', "ŕř"), ('s', "śšşș"), ('t', "ťţț"), ('u', "ùúûüūůűų"), ('y', "ýÿ"), ('z', "źžż"),
    }.SelectMany(letter => letter.Item2.Select(accented => (accented, letter.Item1))).ToDictionary();

    private static readonly (string Name, string City)[] Names =
    [
        .. Cities.All
            .SelectMany(city => city.OtherNames.Append(city.Name).Select(name => (Name: Fold(name), city.Name)))
            .SelectMany(name => new[] { name, (name.Name.Replace(" ", "", StringComparison.Ordinal), name.Item2) })
            .Distinct(),
    ];

    /// <summary>The name of the city that is mentioned first; null when none is.</summary>
    public static string? First(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = Fold(text);
        var (at, length, found) = (int.MaxValue, 0, (string?)null);
        foreach (var (name, city) in Names)
        {
            var place = PlaceOf(name, folded);
            // Of two names at the same place the longer one is meant.
            if (place >= 0 && (place < at || (place == at && name.Length > length)))
            {
                (at, length, found) = (place, name.Length, city);
            }
        }

        return found;
    }

    /// <summary>Lower-case letters without accents.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            // A Turkish capital I with a dot has no lower-case letter of one character.
            var lower = letter == 'İ' ? 'i' : char.ToLowerInvariant(letter);
            var isCombiningMark = lower is >= '\u0300' and <= '\u036f';
            if (!isCombiningMark)
            {
                folded.Append(Plain.GetValueOrDefault(lower, lower));
            }
        }

        return folded.ToString();
    }

    private static int PlaceOf(string name, string text)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            if (!IsWordAt(text, at - 1) && !IsWordAt(text, at + name.Length))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool IsWordAt(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);
}
