using Streaming.Contracts.Weather;

namespace Streaming.Producer.Scenarios.Weather;

/// <summary>What people write about the weather, with a place for the city, or two, or none.</summary>
internal static class TweetTexts
{
    /// <summary>In bad weather; {0} is the city.</summary>
    private static readonly string[] Bad =
    [
        "Wind in {0} takes my umbrella. Again.",
        "Is everybody else in {0} soaked too?",
        "{0}: trains late, trees down, coffee good.",
        "No bike today, #storm over {0}",
        "The windows rattle. Stay safe, {0}!",
        "Rain from the side in {0}. Impressive, actually.",
    ];

    /// <summary>In fair weather.</summary>
    private static readonly string[] Fair =
    [
        "Lovely light over {0} this morning.",
        "Lunch outside in {0}, no jacket.",
        "{0} looks good today",
        "Anybody up for a walk? {0}, in an hour.",
        "Quiet sky over {0}.",
    ];

    /// <summary>Two cities; the first is the one that it is about.</summary>
    private static readonly string[] Two =
    [
        "{0} has it worse than {1} today.",
        "Left {0}, landing in {1} soon. What a change.",
        "{0} > {1}, at least by the weather",
    ];

    /// <summary>No city.</summary>
    private static readonly string[] None =
    [
        "What a day.",
        "Weather apps are all wrong again",
        "I like clouds.",
    ];

    /// <summary>A text; <paramref name="draw"/> gives numbers from 0 to 1.</summary>
    public static string Write(City city, City other, double badness, Func<double> draw)
    {
        var kind = draw();
        var (texts, place) = kind < 0.1 ? (None, "") : kind < 0.25 ? (Two, Called(other, draw)) : (draw() < badness * 1.5 ? Bad : Fair, "");
        return texts[(int)(draw() * texts.Length)]
            .Replace("{0}", Called(city, draw), StringComparison.Ordinal)
            .Replace("{1}", place, StringComparison.Ordinal);
    }

    /// <summary>People write a city's name as they like: in capitals, as a tag, by another name.</summary>
    private static string Called(City city, Func<double> draw)
    {
        var drawn = draw();
        return drawn < 0.1 ? city.Name.ToUpperInvariant()
            : drawn < 0.2 ? "#" + city.Name.Replace(" ", "", StringComparison.Ordinal)
            : drawn < 0.35 && city.OtherNames.Count > 0 ? city.OtherNames[(int)(draw() * city.OtherNames.Count)]
            : city.Name;
    }
}
