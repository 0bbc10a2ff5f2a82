using System.Text;
using Streaming.Contracts.Iot;

namespace Streaming.Producer.Scenarios.Iot;

/// <summary>The ways in which a record can be no heartbeat, as they are seen in the field.</summary>
public enum BrokenHeartbeat
{
    /// <summary>JSON that breaks off.</summary>
    BrokenJson,

    /// <summary>No temperature.</summary>
    MissingField,

    /// <summary>The value that a sensor without contact reports: 850 °C.</summary>
    AbsurdTemperature,

    /// <summary>More than full.</summary>
    AbsurdBattery,

    /// <summary>Another device's id in it than on it.</summary>
    WrongDevice,

    /// <summary>A clock that was never set right: a year ahead.</summary>
    FarFuture,
}

/// <summary>Turns a heartbeat into a broken record.</summary>
public static class BrokenHeartbeats
{
    private static readonly long YearMs = (long)TimeSpan.FromDays(365).TotalMilliseconds;

    /// <summary>All ways.</summary>
    public static IReadOnlyList<BrokenHeartbeat> All { get; } = Enum.GetValues<BrokenHeartbeat>();

    /// <summary>The record's value, spoilt in the given way.</summary>
    public static byte[] Spoil(Heartbeat heartbeat, BrokenHeartbeat way)
    {
        ArgumentNullException.ThrowIfNull(heartbeat);
        return way switch
        {
            BrokenHeartbeat.BrokenJson => HeartbeatJson.Encode(heartbeat)[..^9],
            BrokenHeartbeat.MissingField => Encoding.UTF8.GetBytes($$"""{"device_id":"{{heartbeat.DeviceId}}","site":"{{heartbeat.Site}}","battery":50,"ts":{{heartbeat.Ts}}}"""),
            BrokenHeartbeat.AbsurdTemperature => HeartbeatJson.Encode(heartbeat with { Temperature = 850m }),
            BrokenHeartbeat.AbsurdBattery => HeartbeatJson.Encode(heartbeat with { Battery = 655.35m }),
            BrokenHeartbeat.WrongDevice => HeartbeatJson.Encode(heartbeat with { DeviceId = heartbeat.DeviceId + "x" }),
            BrokenHeartbeat.FarFuture => HeartbeatJson.Encode(heartbeat with { Ts = heartbeat.Ts + YearMs }),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "not a way to spoil a heartbeat"),
        };
    }
}
