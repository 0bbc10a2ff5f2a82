using Streaming.Contracts.Measures;
using Streaming.Dashboard.Pipelines;

namespace Streaming.Dashboard.Shop;

/// <summary>The exact measures of the shop's pipelines by name; one that this plan lacks (an older definition's) reads as nothing.</summary>
internal sealed class ShopMeasures(MeasurePlan plan)
{
    private readonly Dictionary<string, int> _places = plan.Measures.Select((measure, i) => (measure.Name, i)).ToDictionary(m => m.Name, m => m.i, StringComparer.Ordinal);

    /// <summary>The value in major units (of a change, in percent); null when there is none.</summary>
    public decimal? Read(MeasuredWindow window, string measure) => _places.TryGetValue(measure, out var at) ? window.Value(at).Exact : null;
}
