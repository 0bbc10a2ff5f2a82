using Streaming.Contracts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines.Iot;

/// <summary>
/// The temperature at each site, as roll-ups: minutes, hours and days in one pass over the heartbeats. A site's devices are in several partitions, so the windows
/// are partial in each and merged by whoever reads them; quantiles and distinct counts merge as well. The finer a level, the sooner it goes.
/// </summary>
[Scenario(Scenarios.Iot)]
public sealed class Sites : IPipeline
{
    public const string Name = "sites";

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Sites")
        .From(Topics.DeviceEvents, HeartbeatEvents.Json)
        .GroupBy("site", beat => beat.Site)
        .Windows(WindowSpecs.Tumbling(TimeSpan.FromMinutes(1)), WindowSpecs.Tumbling(TimeSpan.FromHours(1)), WindowSpecs.Tumbling(TimeSpan.FromDays(1)))
        .Keep("1m", TimeSpan.FromDays(2))
        .Keep("1h", TimeSpan.FromDays(90))
        .Keep("1d", TimeSpan.FromDays(3660))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10))
        .Measures(m => m.Count()
            .OfDecimal("temperature", beat => beat.Temperature, scale: 2, unit: "°C").Min().Max().Mean().P95()
            .Distinct("device", beat => beat.DeviceId))
        .Define();
}
