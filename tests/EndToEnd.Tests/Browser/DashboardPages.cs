using Streaming.Contracts;

namespace Streaming.EndToEnd.Tests.Browser;

/// <summary>A page of the Dashboard.</summary>
/// <param name="Path">Its address, below the Dashboard's.</param>
/// <param name="Figures">A selector of figures on it that change while events come in.</param>
/// <param name="Scenario">The scenario that it is about; null when it is about all.</param>
internal sealed record DashboardPage(string Path, string Figures, string? Scenario = null);

/// <summary>All pages: a page that is entered here is tested for everything that every page has to be.</summary>
internal static class DashboardPages
{
    public static IReadOnlyList<DashboardPage> All { get; } =
    [
        new("", "article:has(h2:text-is('Sales per minute')) .tile-caption"),
        new("sales", "section[aria-label=Stores] tbody", Scenarios.Sales),
        new("shop", ".tick", Scenarios.Shop),
        new("weather", "article:has(h2:text-is('Messages')) .tile-value", Scenarios.Weather),
        new("devices", "section[aria-label=Sites] tbody", Scenarios.Iot),
        new("alerts", "section[aria-label=Alerts] tbody"),
        new("topics", "section[aria-label=Topics] tbody"),
        new("topics/sales", "section[aria-label=Messages] tbody tr"),
        new("groups", "section[aria-label=Groups] tbody"),
        new("groups/sales-by-store", "section[aria-label=Offsets] tbody"),
        new("pipeline", "section[aria-label='All pipelines'] tbody"),
        new("pipelines", "section[aria-label=Pipelines] tbody"),
        new("pipelines/sales-by-country", ".pipeline-figures"),
    ];

    /// <summary>The paths, for a theory.</summary>
    public static TheoryData<string> Paths => new(All.Select(page => page.Path));

    public static DashboardPage At(string path) => All.Single(page => page.Path == path);

    public static DashboardPage Of(string scenario) => All.Single(page => page.Scenario == scenario);
}
