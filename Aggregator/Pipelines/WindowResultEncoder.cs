using Streaming.Aggregator.Windowing;
using Streaming.Contracts.Measures;
using Streaming.Contracts.Pipelines;

namespace Streaming.Aggregator.Pipelines;

/// <summary>Closed windows in the form that every pipeline has unless it has its own.</summary>
internal static class WindowResultEncoder
{
    public static Func<WindowRow, int, byte[]> For(string pipeline, MeasurePlan plan) => (row, generation) => WindowResultJson.Encode(
        pipeline, generation, row.Of.Name, row.Window.Start, row.Window.End, row.Key.Text, plan, MeasureReader.ReadAll(plan, row.Measures, row.State));
}
