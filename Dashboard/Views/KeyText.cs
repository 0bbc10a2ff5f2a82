using System.Globalization;
using System.Text;
using Streaming.Contracts.Measures;

namespace Streaming.Dashboard.Views;

/// <summary>A key as a page can carry it. Keys are bytes of somebody else's: empty, a megabyte long, or full of control characters.</summary>
public static class KeyText
{
    private const int Longest = 60;
    private const int LongestId = 100;

    /// <summary>For people.</summary>
    public static string Readable(string key, int longest = Longest)
    {
        if (key.Length == 0)
        {
            return "(empty)";
        }

        var cut = key.Length <= longest ? key : key[..(char.IsHighSurrogate(key[longest - 1]) ? longest - 1 : longest)] + "…";
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '␣' : c)) : cut;
    }

    /// <summary>For the address: the key itself, or its beginning and a mark of the whole.</summary>
    public static string Id(string key) => key.Length <= LongestId
        ? key
        : string.Create(CultureInfo.InvariantCulture, $"{key[..32]}…{StableHash.Of(Encoding.UTF8.GetBytes(key)):x16}");
}
