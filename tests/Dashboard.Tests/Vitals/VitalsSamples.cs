using Streaming.Contracts.Measures;
using Streaming.Dashboard.Feed;
using Streaming.Dashboard.Pipelines;
using Streaming.Dashboard.Vitals;
using static Streaming.Dashboard.Tests.Samples;

namespace Streaming.Dashboard.Tests.Vitals;

/// <summary>Small pieces of how pipelines run, at noon.</summary>
internal static class VitalsSamples
{
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    /// <summary>A sketch of durations, in milliseconds.</summary>
    public static QuantileSketch Sketch(params double[] milliseconds)
    {
        var sketch = new QuantileSketch();
        foreach (var value in milliseconds)
        {
            sketch.Add((long)(value * 1000));
        }

        return sketch;
    }

    public static InstanceVitals Instance(
        string name = "one", double heardSecondsAgo = 1, long refused = 0, long failures = 0, long lost = 0, int stopped = 0, long? lag = 5, int generation = 1,
        QuantileSketch? eventToCommit = null, QuantileSketch? checkpoints = null) => new(
        "by-country", generation, name, Minute(-60), Noon.AddSeconds(-heardSecondsAgo), 3, stopped, false, lag, 4_000_000, 1000, refused > 0 ? 1 : 0, refused, 200, failures, lost,
        eventToCommit ?? Sketch(800, 900, 1000), checkpoints ?? Sketch(10, 12, 30));

    public static PipelineVitals VitalsOf(PipelineInfo info, double? rate, params InstanceVitals[] instances) =>
        PipelineVitals.Of(info, instances, rate, new QuantileSketch(), Noon, StaleAfter);

    public static VitalsSnapshot Snapshot(params PipelineVitals[] pipelines)
    {
        var speaking = pipelines.SelectMany(pipeline => pipeline.Instances).Where(instance => !instance.IsSilent(Noon)).ToList();
        return new VitalsSnapshot(
            new FeedHealth(FeedCondition.Live, Noon), DateTimeOffset.UtcNow, Noon, [.. pipelines], Percentiles.Of(speaking.Select(i => i.EventToCommit)), null,
            Percentiles.Of(speaking.Select(i => i.CheckpointDuration)));
    }
}
