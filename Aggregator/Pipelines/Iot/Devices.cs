using Streaming.Aggregator.Alerts;
using Streaming.Contracts;
using Streaming.Contracts.Alerts;
using Streaming.Contracts.Windows;

namespace Streaming.Aggregator.Pipelines.Iot;

/// <summary>
/// Each device: its connected periods (sessions), the newest of which says what is known of it last; and whether it has gone silent. The windows of two minutes are
/// there for the alert and for the newest state of those that are connected, and go soon.
/// </summary>
[Scenario(Scenarios.Iot)]
public sealed class Devices : IPipeline
{
    public const string Name = "devices";

    /// <summary>A silence of this length ends a connected period.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromMinutes(1);

    public static PipelineDefinition Define() => Pipeline.Named(Name, "Devices")
        .From(Topics.DeviceEvents, HeartbeatEvents.Json)
        .KeyedByRecord("device")
        .Windows(WindowSpecs.Session(Gap), WindowSpecs.Tumbling(TimeSpan.FromMinutes(2)))
        .Keep("session-1m", TimeSpan.FromDays(7))
        .Keep("2m", TimeSpan.FromMinutes(30))
        .Waits(outOfOrderness: TimeSpan.FromSeconds(5), grace: TimeSpan.FromSeconds(10))
        .Measures(m => m.Count()
            .OfDecimal("temperature", beat => beat.Temperature, scale: 2, unit: "°C").Min().Max().Last()
            .OfDecimal("battery", beat => beat.Battery, scale: 1, unit: "%").Last())
        .PutAside(Topics.DeviceEventsLate, Topics.DeviceEventsDeadLetter)
        .Alert(AlertRules.When("silent-device").In("2m").NoEvents().Message("{key} has sent nothing for two minutes"))
        .Define();
}
