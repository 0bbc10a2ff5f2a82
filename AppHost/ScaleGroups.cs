using Microsoft.Extensions.Configuration;

namespace Streaming.AppHost;

/// <summary>
/// The consumer groups whose lag says how many Aggregators are needed: a pipeline's group has its name, and that of the stage before it ends in
/// <c>.enrich</c> (a test compares them with the pipelines).
/// </summary>
internal static class ScaleGroups
{
    private static readonly Dictionary<string, string[]> s_ofScenario = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sales"] = ["sales-by-store", "sales-by-country", "sales-by-country.enrich"],
        ["shop"] = ["prices-by-product", "prices-by-product.enrich", "prices-by-category"],
        ["weather"] = ["weather-by-station", "weather-by-station.enrich", "weather-by-city", "tweets-by-city"],
        ["iot"] = ["devices", "sites"],
    };

    /// <summary>What <c>Deployment:ScaleOn</c> lists, separated by commas; or else the groups of the pipelines of <c>Scenarios</c>, of all where that is empty.</summary>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        if (configuration["Deployment:ScaleOn"] is { Length: > 0 } listed)
        {
            return Parts(listed);
        }

        var prefix = configuration["Aggregator:GroupPrefix"];
        var scenarios = configuration["Scenarios"] is { } some && !string.IsNullOrWhiteSpace(some) ? Parts(some) : [.. s_ofScenario.Keys];
        return [.. scenarios.SelectMany(scenario => s_ofScenario.GetValueOrDefault(scenario, [])).Select(group => prefix + group)];
    }

    private static string[] Parts(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
