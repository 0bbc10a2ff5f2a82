using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Tests.Windowing;

/// <summary>The line above a documented table: kinds of windows, joined by plus signs, and how long is waited. Durations are seconds.</summary>
internal static partial class DocumentedPlan
{
    public static WindowPlan Parse(Match line) => new(
        [.. line.Groups["windows"].Value.Split(" + ").Select((text, index) => Kind(text) with { Name = index.ToString(CultureInfo.InvariantCulture) })],
        Seconds(line, "grace"), Seconds(line, "disorder"), Seconds(line, "bound"));

    private static WindowSpec Kind(string text)
    {
        if (text.StartsWith("days of ", StringComparison.Ordinal))
        {
            return WindowSpecs.Days(text["days of ".Length..]);
        }

        Match words = Words().Match(text);
        return words.Groups["kind"].Value switch
        {
            "hopping " => WindowSpecs.Hopping(Seconds(words, "size"), Seconds(words, "hop")),
            "cumulative " => WindowSpecs.Cumulative(Seconds(words, "size"), Seconds(words, "step")),
            "session " => WindowSpecs.Session(Seconds(words, "gap")),
            "" when words.Success => WindowSpecs.Tumbling(Seconds(words, "size"), Seconds(words, "offset")),
            _ => throw new FormatException($"docs/semantics.md: '{text}' is no kind of windows."),
        };
    }

    private static TimeSpan Seconds(Match match, string group) => TimeSpan.FromSeconds(int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(?<kind>hopping |cumulative |session |)(size (?<size>\d+) s)?(, )?(hop (?<hop>\d+) s|step (?<step>\d+) s|gap (?<gap>\d+) s|offset (?<offset>\d+) s)$")]
    private static partial Regex Words();
}
