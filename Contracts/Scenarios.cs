namespace Streaming.Contracts;

/// <summary>
/// The scenarios that this application comes with, and which of them are on: configuration key <c>Scenarios</c>, names with commas between. Producer, Aggregator
/// and Dashboard read the same key.
/// </summary>
public static class Scenarios
{
    /// <summary>The configuration key.</summary>
    public const string Key = "Scenarios";

    /// <summary>Stores and their sales.</summary>
    public const string Sales = "sales";

    /// <summary>An online shop's products and prices.</summary>
    public const string Shop = "shop";

    /// <summary>Weather stations, and messages about the weather.</summary>
    public const string Weather = "weather";

    /// <summary>Devices that send what they measure.</summary>
    public const string Iot = "iot";

    /// <summary>In place of names: none is on.</summary>
    public const string None = "none";

    /// <summary>All names, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> All { get; } = [Sales, Shop, Weather, Iot];

    /// <summary>The scenarios that are on: those named; all when nothing is configured; none for <see cref="None"/>.</summary>
    /// <exception cref="UnknownScenarioException">A name is unknown.</exception>
    public static IReadOnlySet<string> Parse(string? configured)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return All.ToHashSet();
        }

        var names = configured.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count == 1 && names.Contains(None))
        {
            return new HashSet<string>();
        }

        return names.FirstOrDefault(name => !All.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? throw new UnknownScenarioException(unknown)
            : All.Where(names.Contains).ToHashSet();
    }
}

/// <summary>The configuration names a scenario that does not exist; the message names the key, the name and what there is.</summary>
public sealed class UnknownScenarioException(string name)
    : Exception($"{Scenarios.Key} names '{name}'; there are: {string.Join(", ", Scenarios.All)}; or '{Scenarios.None}' alone{Spelling.Hint(name, Scenarios.All)}");
